package dev.leasehold.gateway.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's own description of its answers; shared/data/README.md names its source. */
final class OpenAiSchema {
    private static final Path FILE = Path.of("../../shared/data/openai/openapi.json");
    private static final JsonMapper JSON = new JsonMapper();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final JsonNode components;

    OpenAiSchema() throws IOException {
        components = withNulls(JSON.readTree(Files.readAllBytes(FILE)).path("components"));
    }

    static boolean isHere() {
        return Files.exists(FILE);
    }

    void assertIs(String type, String answer) {
        var schema = JSON.createObjectNode();
        schema.put("$ref", "#/components/schemas/" + type);
        schema.set("components", components);

        var errors = SCHEMAS.getSchema(schema).validate(JSON.readTree(answer));

        assertThat(errors).as("%s as a %s", answer, type).isEmpty();
    }

    /** The document says "nullable", as OpenAPI 3.0 did; JSON Schema has another way to say it. */
    private static JsonNode withNulls(JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            node.forEach(OpenAiSchema::withNulls);
            return node;
        }
        object.propertyNames().stream().toList().forEach(name -> {
            var child = withNulls(object.path(name));
            if (child instanceof ObjectNode schema && schema.path("nullable").asBoolean(false)) {
                schema.remove("nullable");
                var either = JSON.createObjectNode();
                either.putArray("anyOf").add(schema).addObject().put("type", "null");
                object.set(name, either);
            }
        });
        return object;
    }
}
