package dev.leasehold.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ChunkSumTest {
    private static final JsonMapper JSON = new JsonMapper();
    private final ChunkSum sum = new ChunkSum();

    private void add(String chunk) {
        sum.add((ObjectNode) JSON.readTree(chunk));
    }

    private void assertIs(String whole) {
        assertThat(sum.whole()).isEqualTo(JSON.readTree(whole));
    }

    @Test
    void putsChoicesInTheOrderOfTheirIndex() {
        add("{\"choices\": [{\"index\": 1, \"delta\": {\"content\": \"b\"}}]}");
        add("{\"choices\": [{\"index\": 0, \"delta\": {\"content\": \"a\"}}]}");
        add("{\"choices\": [{\"index\": 1, \"delta\": {\"content\": \"B\"}}]}");

        assertIs("""
                {"choices": [{"index": 0, "message": {"content": "a", "refusal": null}},
                             {"index": 1, "message": {"content": "bB", "refusal": null}}]}""");
    }

    @Test
    void joinsTheArgumentsOfToolCallsAndKeepsTheirNames() {
        add("""
                {"choices": [{"index": 0, "delta": {"tool_calls": [
                  {"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}}]}}]}""");
        add("""
                {"choices": [{"index": 0, "delta": {"tool_calls": [
                  {"index": 0, "function": {"arguments": "{\\"a\\""}}]}}]}""");
        add("""
                {"choices": [{"index": 0, "delta": {"tool_calls": [
                  {"index": 0, "function": {"arguments": ": 1}"}}]}, "finish_reason": "tool_calls"}]}""");

        assertIs("""
                {"choices": [{"index": 0, "finish_reason": "tool_calls", "message": {"content": null, "refusal": null,
                  "tool_calls": [{"index": 0, "id": "call_1", "type": "function",
                                  "function": {"name": "f", "arguments": "{\\"a\\": 1}"}}]}}]}""");
    }

    @Test
    void appendsLogprobs() {
        add("{\"choices\": [{\"index\": 0, \"delta\": {}, \"logprobs\": {\"content\": [{\"token\": \"a\"}]}}]}");
        add("{\"choices\": [{\"index\": 0, \"delta\": {}, \"logprobs\": {\"content\": [{\"token\": \"b\"}]}}]}");

        assertIs("""
                {"choices": [{"index": 0, "logprobs": {"content": [{"token": "a"}, {"token": "b"}]},
                              "message": {"content": null, "refusal": null}}]}""");
    }

    @Test
    void joinsCompletionsAndLeavesTheirObjectAsItIs() {
        add(
                "{\"object\": \"text_completion\", \"choices\": [{\"index\": 0, \"text\": \"a\", \"finish_reason\": null}]}");
        add(
                "{\"object\": \"text_completion\", \"choices\": [{\"index\": 0, \"text\": \"b\", \"finish_reason\": \"stop\"}]}");

        assertIs("{\"object\": \"text_completion\", \"choices\": [{\"index\": 0, \"text\": \"ab\","
                + " \"finish_reason\": \"stop\"}]}");
    }

    @Test
    void keepsWhatItDoesNotKnow() {
        add("{\"id\": \"x\", \"novel\": \"first\", \"usage\": null, \"choices\": []}");
        add("{\"id\": \"x\", \"novel\": \"second\", \"usage\": {\"total_tokens\": 1}, \"choices\": []}");

        assertIs("{\"id\": \"x\", \"novel\": \"second\", \"usage\": {\"total_tokens\": 1}, \"choices\": []}");
    }
}
