package dev.leasehold.gateway.openai;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestScanTest {
    private static RequestScan scan(String body) {
        return RequestScan.of(body.getBytes(UTF_8));
    }

    private static String streaming(String body) {
        return new String(scan(body).streamingBody(), UTF_8);
    }

    private static ApiFailure failure(byte[] body) {
        return catchThrowableOfType(ApiFailure.class, () -> RequestScan.of(body));
    }

    private static ApiFailure failure(String body) {
        return failure(body.getBytes(UTF_8));
    }

    @Test
    void readsWhatTheGatewayMustKnow() {
        var scan = scan("{\"messages\": [{\"model\": \"no\"}], \"stream\": true, \"model\": \"m\","
                + " \"stream_options\": {\"include_usage\": true}}");

        assertThat(scan.model()).isEqualTo("m");
        assertThat(scan.wantsStream()).isTrue();
        assertThat(scan.wantsUsage()).isTrue();
    }

    @Test
    void asksForAStreamWithUsageWhereTheClientSaidNothing() {
        var body = "{ \"model\" : \"m\", \"novel\": [1, {\"x\": \"\u20ac\"}] }";

        assertThat(streaming(body))
                .isEqualTo("{\"stream\":true,\"stream_options\":{\"include_usage\":true}, \"model\" : \"m\","
                        + " \"novel\": [1, {\"x\": \"\u20ac\"}] }");
        assertThat(scan(body).wantsStream()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"stream\":false | \"stream\":true",
                "\"stream\": null | \"stream\": true",
                "\"stream\":true  | \"stream\":true",
            })
    void asksForAStreamInPlaceOfWhatTheClientSaid(String said, String becomes) {
        assertThat(streaming("{\"model\":\"m\"," + said + ",\"n\":1}"))
                .isEqualTo("{\"stream_options\":{\"include_usage\":true},\"model\":\"m\"," + becomes + ",\"n\":1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                        | {\"include_usage\":true}",
                "null                                      | {\"include_usage\":true}",
                "{\"include_usage\": false, \"novel\": {}} | {\"include_usage\": true, \"novel\": {}}",
                "{\"novel\": 1}                            | {\"include_usage\":true,\"novel\": 1}",
                "{\"include_usage\": true}                 | {\"include_usage\": true}",
            })
    void asksForUsageWithinTheOptionsOfTheClient(String options, String becomes) {
        assertThat(streaming("{\"model\":\"m\",\"stream\":true,\"stream_options\":" + options + "}"))
                .isEqualTo("{\"model\":\"m\",\"stream\":true,\"stream_options\":" + becomes + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"leasehold\": {\"resume\": [1]}",
                "\"leasehold.resume\": \"x\\\"y\"",
                "\"leasehold\": -1.5e3",
                "\"leasehold\": false",
            })
    void takesOutWhatOnlyGatewaysMaySay(String said) {
        var name = said.substring(0, said.indexOf(':'));

        assertThat(new String(scan("{\"model\":\"m\"," + said + ", \"n\": 2}").body(), UTF_8))
                .isEqualTo("{\"model\":\"m\"," + name + ": null, \"n\": 2}");
    }

    @Test
    void leavesABodyThatNeedsNothingAsItIs() {
        var body = "{\"model\":\"m\",\"input\":[\"a\"]}".getBytes(UTF_8);

        assertThat(RequestScan.of(body).body()).isSameAs(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-              | {\"model\": \"m\"",
                "-              | [1]",
                "-              | {\"model\": \"m\"} {}",
                "-              | {\"model\": \"m\", \"x\": 01}",
                "model          | {}",
                "model          | {\"model\": 1}",
                "model          | {\"model\": \" \"}",
                "model          | {\"model\": null}",
                "model          | {\"model\": \"a\", \"model\": \"b\"}",
                "stream         | {\"model\": \"m\", \"stream\": \"yes\"}",
                "stream         | {\"model\": \"m\", \"stream\": true, \"stream\": false}",
                "stream_options | {\"model\": \"m\", \"stream\": true, \"stream_options\": 1}",
                "stream_options | {\"model\": \"m\", \"stream_options\": {\"include_usage\": true}}",
            })
    void refusesWhatIsWrongAndSaysWhere(String param, String body) {
        var failure = failure(body);

        assertThat(failure.fault()).isEqualTo(Fault.INVALID_REQUEST);
        assertThat(failure.param().orElse(null)).isEqualTo(param);
    }

    @Test
    void refusesAnEmptyBodyAndOtherEncodings() {
        assertThat(failure("").fault()).isEqualTo(Fault.INVALID_REQUEST);
        assertThat(failure("{\"model\": \"m\"}".getBytes(UTF_16)).fault()).isEqualTo(Fault.INVALID_REQUEST);
    }

    @Test
    void refusesBodiesThatAreNestedTooDeep() {
        assertThat(failure("{\"model\": \"m\", \"x\": " + "[".repeat(100_000)).fault())
                .isEqualTo(Fault.INVALID_REQUEST);
    }
}
