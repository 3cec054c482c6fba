package dev.leasehold.deploy.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.deploy.market.LeaseId;
import dev.leasehold.deploy.market.LeaseSecrets;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Dials runners, and trusts those that answer its challenge; docs/protocols/runner.md. */
public final class RunnerClient {
    static final JsonMapper JSON = new JsonMapper();

    private static final Duration CHALLENGE_MAX = Duration.ofSeconds(3);
    private static final int NONCE_BYTES = 32;

    private final LeaseSecrets secrets;
    private final Supplier<byte[]> randomBytes;

    /** @param randomBytes gives 32 bytes that nobody can guess */
    public RunnerClient(LeaseSecrets secrets, Supplier<byte[]> randomBytes) {
        this.secrets = secrets;
        this.randomBytes = randomBytes;
    }

    private record Challenge(String nonce) {}

    /**
     * Finds out whether this lease's runner listens there.
     *
     * @throws RunnerException.OtherRunner if somebody else does
     */
    public Pin challenge(LeaseId lease, Address address) throws IOException {
        var bytes = randomBytes.get();
        if (bytes.length != NONCE_BYTES) {
            throw new IllegalStateException("A nonce has " + NONCE_BYTES + " bytes.");
        }
        var nonce = HexFormat.of().formatHex(bytes);
        try (var connection = RunnerConnection.open(address, Trust.anyone())) {
            var body = RunnerConnection.Body.json(JSON.writeValueAsBytes(new Challenge(nonce)));
            var answer = connection.exchange("POST", "/challenge", "", body, CHALLENGE_MAX);
            return check(lease, address, nonce, connection.certificateSha256(), answer);
        }
    }

    private Pin check(LeaseId lease, Address address, String nonce, String certificate, Answer answer)
            throws IOException {
        try {
            var said = JSON.readTree(answer.text());
            var boot = said.path("boot").asString("");
            var mac = secrets.challengeMac(lease, nonce, certificate, boot);
            boolean isOurs = answer.status() == 200
                    && said.path("lease").asString("").equals(lease.toString())
                    && said.path("certificate_sha256").asString("").equals(certificate)
                    && MessageDigest.isEqual(
                            mac.getBytes(UTF_8), said.path("mac").asString("").getBytes(UTF_8));
            if (!isOurs) {
                throw new RunnerException.OtherRunner("Whoever listens at " + address + " is not this lease's runner.");
            }
            return new Pin(address, boot, certificate);
        } catch (JacksonException e) {
            throw new IOException("The answer to the challenge is no JSON.", e);
        }
    }

    /** Speaks with a runner that was challenged; nobody else is answered. */
    public RunnerSession session(LeaseId lease, Pin pin) {
        return new RunnerSession(pin, secrets.tokenOf(lease));
    }
}
