package dev.leasehold.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The messages of docs/protocols/runner.md, to which the tests of both sides are held, and its two formulas. */
public final class RunnerProtocol {
    private static final JsonMapper JSON = new JsonMapper();

    private RunnerProtocol() {}

    public static JsonNode document(String name) {
        try (var file = RunnerProtocol.class.getResourceAsStream("/runner-protocol/" + name + ".json")) {
            return JSON.readTree(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String token(String leaseSecret) {
        return mac(leaseSecret, "leasehold-token-v1");
    }

    public static String proof(String leaseSecret, String nonce, String certificateSha256, String lease, String boot) {
        return mac(leaseSecret, String.join("\n", "leasehold-challenge-v1", nonce, certificateSha256, lease, boot));
    }

    private static String mac(String secretHex, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(HexFormat.of().parseHex(secretHex), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
