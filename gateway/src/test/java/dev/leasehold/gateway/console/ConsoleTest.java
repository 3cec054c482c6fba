package dev.leasehold.gateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.gateway.Eventually;
import dev.leasehold.gateway.RawHttp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {
    private static final String HOSTILE = "<img src=x onerror=alert(1)>\"'&";

    @TempDir
    private static Path folder;

    private static ConsoleWorld world;

    @BeforeAll
    static void start() {
        world = new ConsoleWorld(folder.resolve("a home"));
    }

    @BeforeEach
    void forget() {
        world.forgetsEverything();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void anEmptyInstallationSaysWhatToDo() {
        Eventually.await(
                "the hosts of other tests have left", () -> get("/").body().contains("No host has joined yet."));

        assertThat(get("/").body())
                .contains("./leasehold agent", "Nothing is deployed.")
                .contains("No chat model serves yet.");
    }

    @Test
    void theCatalogSaysWhatAModelIsAndWhatOnlyStandsIn() {
        var page = get("/").body();

        assertThat(page)
                .contains("all-MiniLM-L6-v2", "Sentence embeddings with 384 dimensions", "Apache-2.0", "512 tokens")
                .contains("value=\"starter-chat\"", "2,048 tokens");
        assertThat(page.split("Stand-in, not a real model", -1)).hasSize(2);
    }

    @Test
    void whatIsDeployedIsShownWithItsReplicasPriceAndCurl() {
        world.joins("local", "0.12");
        assertThat(deploy("starter-chat", "chatty.1", "2").status()).isEqualTo(200);
        world.serves(world.wantsALease("chatty.1"), "local");
        world.loads(world.wantsALease("chatty.1"), "local", 0.41);

        Eventually.await("the new host is seen", () -> get("/").body().contains("8.0 GiB"));

        assertThat(get("/").body())
                .contains("Serving with fewer replicas", "1 of 2 ready", "loading 41 %", "$0.24")
                .contains("id=\"deployment-chattyD1\"", "$0.12 per hour")
                .contains("curl -N http://127.0.0.1:8080/v1/chat/completions")
                .contains("$(cat &#39;" + world.home.key() + "&#39;)");
    }

    @Test
    void theKeyNeverReachesTheBrowser() throws IOException {
        world.joins("local", "0.12");
        deploy("starter-chat", "starter-chat", "1");
        world.serves(world.wantsALease("starter-chat"), "local");

        var key = Files.readString(world.home.key()).strip();

        assertThat(get("/").body()).doesNotContain(key).doesNotContain(key.substring(0, 16));
    }

    @Test
    void whatOthersWroteIsTextAndNothingElse() {
        world.joins(HOSTILE, "0.12");
        assertSaid(deploy("starter-chat", "a", "1"), 200, "a is on its way.");
        assertSaid(deploy("starter-chat", "b", "1"), 200, "b is on its way.");
        world.findsNoOffer(world.wantsALease("a"), "Why: " + HOSTILE);
        world.launches(world.wantsALease("b"), HOSTILE);

        var page = get("/").body();

        assertThat(page).doesNotContain("<img src=x").contains("Why: &lt;img src=x", "launching on &lt;img src=x");
        assertThat(deploy(HOSTILE, "c", "1").body()).doesNotContain("<img").contains("&lt;img src=x");
        assertThat(deploy("starter-chat", HOSTILE, "1").body())
                .doesNotContain("<img")
                .contains("&lt;img src=x");
    }

    @Test
    void everyThingThatAPageConsistsOfIsServedFromHereAndCachedForEver() {
        var page = get("/").body();

        var addresses = Pattern.compile("(?:src|href)=\"(/[^\"]+)\"")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
        assertThat(addresses).hasSize(5);
        for (var address : addresses) {
            assertThat(get(address).status()).as(address).isEqualTo(200);
        }
        assertThat(get(addresses.stream()
                                .filter(it -> it.contains("console.css"))
                                .findFirst()
                                .orElseThrow())
                        .header())
                .contains("immutable");
        assertThat(page).doesNotContain("<style", " style=", " onclick=").doesNotContainPattern("<script[^>]*>[^<]");
    }

    @Test
    void aFormThatCannotBeCarriedOutSaysWhyBesideItself() {
        world.joins("local", "0.12");

        assertSaid(deploy("starter-chat", "Not A Name", "1"), 422, "A deployment&#39;s name has 1 to 64");
        assertSaid(deploy("starter-chat", "many", "65"), 422, "replicas is a number from 1 to 64; this is 65.");
        assertSaid(deploy("starter-chat", "many", "two"), 422, "Replicas is a whole number");
        assertSaid(deploy("starter-cat", "cat", "1"), 404, "Did you mean starter-chat?");
        assertSaid(deploy("", "cat", "1"), 404, "A model is named by");
        assertSaid(deploy("/no/such/folder", "own", "1"), 404, "/no/such/folder");
        deploy("starter-chat", "taken", "1");
        assertSaid(deploy("all-minilm-l6-v2", "taken", "1"), 409, "The name taken is taken");
    }

    @Test
    void aModelIsDeployedOnceHoweverOftenTheButtonIsPressed() {
        world.joins("local", "0.12");

        assertSaid(deploy("starter-chat", "starter-chat", "1"), 200, "starter-chat is on its way.");
        assertSaid(deploy("starter-chat", "starter-chat", "1"), 200, "starter-chat is deployed already.");

        assertThat(get("/").body().split("data-name=\"starter-chat\"", -1)).hasSize(2);
    }

    @Test
    void aRemovedDeploymentIsShownOnItsWayOutAndMayBeRemovedAgain() {
        world.joins("local", "0.12");
        deploy("starter-chat", "starter-chat", "1");

        var removed = ask("DELETE /console/deployments/starter-chat", "");

        assertThat(removed.status()).isEqualTo(200);
        assertThat(removed.body()).contains("Being removed").doesNotContain("data-remove=");
        assertThat(ask("DELETE /console/deployments/starter-chat", "").status()).isEqualTo(200);
        assertThat(ask("DELETE /console/deployments/never-was", "").status()).isEqualTo(200);
        assertSaid(deploy("starter-chat", "starter-chat", "1"), 409, "is being removed");
    }

    @Test
    void withoutTheDatabaseThePageIsThereAndSaysSo() {
        world.joins("local", "0.12");
        deploy("starter-chat", "starter-chat", "1");

        world.line.cut();
        var page = get("/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("all-MiniLM-L6-v2").doesNotContain("Exception");
        assertSaid(deploy("starter-chat", "other", "1"), 503, "The database does not answer.");
        assertThat(ask("DELETE /console/deployments/starter-chat", "").status()).isEqualTo(503);
    }

    @Test
    void whoeverListensHearsOfTheStatusNowAndOfEachChange() throws IOException {
        world.joins("local", "0.12");
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), world.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write("GET /console/events HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            assertThat(lineWith(lines, "HTTP/1.1")).contains("200");
            assertThat(lineWith(lines, "event:")).isEqualTo("event:status");
            assertThat(lineWith(lines, "Nothing is deployed.")).startsWith("data:");

            deploy("starter-chat", "starter-chat", "1");

            assertThat(lineWith(lines, "data-name=\"starter-chat\"")).startsWith("data:");
        }
    }

    private static String lineWith(BufferedReader lines, String text) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(text)) {
                return line;
            }
        }
        throw new AssertionError("The stream ended before " + text);
    }

    @Test
    void nothingOfThePageMayBeChangedFromElsewhere() {
        var form = "model=starter-chat&name=evil&replicas=1";
        var headers = List.of("Host: 127.0.0.1", "Content-Type: application/x-www-form-urlencoded");

        assertThat(world.http().send("POST /console/deployments", form, headers).status())
                .isEqualTo(403);
    }

    @Test
    void aPageThatIsNotThereLeadsBack() {
        var answer = world.http().send("GET /console/none", "", List.of("Host: localhost", "Accept: text/html"));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("There is no such page", "href=\"/\"");
    }

    private static void assertSaid(RawHttp.Answer answer, int status, String sentence) {
        assertThat(answer.body()).contains(sentence).startsWith("<p class=\"said ");
        assertThat(answer.status()).isEqualTo(status);
    }

    private static RawHttp.Answer deploy(String model, String name, String replicas) {
        return ask(
                "POST /console/deployments", "model=" + form(model) + "&name=" + form(name) + "&replicas=" + replicas);
    }

    private static String form(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static RawHttp.Answer get(String path) {
        return world.http().send("GET " + path, "", List.of("Host: 127.0.0.1"));
    }

    private static RawHttp.Answer ask(String request, String form) {
        return world.http()
                .send(
                        request,
                        form,
                        List.of(
                                "Host: 127.0.0.1",
                                "Origin: http://127.0.0.1",
                                "Content-Type: application/x-www-form-urlencoded"));
    }
}
