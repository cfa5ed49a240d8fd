// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of SCRAM-SHA-256 without channel binding (RFC 5802 §5); see {@link ScramServer} for what is said.
 * Thread: that of the session.
 */
final class ScramClient implements SaslClient {
    /** More than that would keep a loop busy for as long as a server likes. */
    static final int ITERATIONS_MAX = 100_000;

    private final String password;
    private final String nonce;
    /** What stands before its first message: no binding, and perhaps whom it wants to act as. */
    private final String header;

    private final String first;

    // Owned by the session.
    private byte @Nullable [] signature;
    private boolean isVerified;

    ScramClient(String authorization, String user, String password, String nonce) {
        this.header = authorization.isEmpty() ? "n,," : "n,a=" + ScramText.escape(authorization) + ',';
        this.password = password;
        this.nonce = nonce;
        this.first = "n=" + ScramText.escape(user) + ",r=" + nonce;
    }

    @Override
    public byte[] initialResponse() {
        return (header + first).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte @Nullable [] respond(byte[] challenge) {
        String text = new String(challenge, StandardCharsets.UTF_8);
        byte[] expected = signature;
        return expected == null ? prove(text) : verify(text, expected);
    }

    private byte @Nullable [] prove(String serverFirst) {
        String[] attributes = serverFirst.split(",", -1);
        String both = ScramText.value(attributes, 0, 'r');
        String salted = ScramText.value(attributes, 1, 's');
        String count = ScramText.value(attributes, 2, 'i');
        byte[] salt = salted == null ? null : ScramText.base64(salted);
        int iterations = count == null ? 0 : iterations(count);
        if (both == null
                || !both.startsWith(nonce)
                || both.length() == nonce.length()
                || salt == null
                || salt.length == 0
                || iterations == 0) {
            return null;
        }
        String withoutProof =
                "c=" + Base64.getEncoder().encodeToString(header.getBytes(StandardCharsets.UTF_8)) + ",r=" + both;
        String all = first + ',' + serverFirst + ',' + withoutProof;
        byte[] saltedPassword = ScramKeys.saltedPassword(password, salt, iterations);
        byte[] clientKey = ScramKeys.hmac(saltedPassword, "Client Key");
        byte[] proof = ScramKeys.xor(clientKey, ScramKeys.hmac(ScramKeys.hash(clientKey), all));
        signature = ScramKeys.hmac(ScramKeys.hmac(saltedPassword, "Server Key"), all);
        return (withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof)).getBytes(StandardCharsets.UTF_8);
    }

    private static int iterations(String digits) {
        try {
            int count = Integer.parseInt(digits);
            return count > 0 && count <= ITERATIONS_MAX ? count : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private byte @Nullable [] verify(String serverFinal, byte[] expected) {
        byte[] said = serverFinal.startsWith("v=") ? ScramText.base64(serverFinal.substring(2)) : null;
        isVerified = said != null && MessageDigest.isEqual(said, expected);
        return isVerified ? new byte[0] : null;
    }

    @Override
    public boolean isComplete() {
        return isVerified;
    }
}
