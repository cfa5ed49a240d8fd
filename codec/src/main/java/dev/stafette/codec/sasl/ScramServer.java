// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of SCRAM-SHA-256, and of SCRAM-SHA-256-PLUS, which is bound to the TLS session (RFC 5802 §5, §6).
 * Thread: one at a time.
 *
 * <pre>
 * C: n,,n=user,r=CLIENTNONCE
 * S: r=CLIENTNONCESERVERNONCE,s=SALT,i=4096
 * C: c=biws,r=CLIENTNONCESERVERNONCE,p=PROOF
 * S: v=SIGNATURE
 * </pre>
 * With channel binding the client begins with {@code p=TYPE,,}, and its {@code c=} has that and the binding's data. A client
 * that could, and has not been offered it, begins with {@code y,,}: where it was, somebody in between has taken the offer away.
 */
public final class ScramServer {
    private final String user;
    private final byte[] binding;
    private final String clientFirst;
    private final String clientNonce;

    // Of the second step.
    private @Nullable ScramKeys keys;
    private String serverFirst = "";
    private String nonce = "";

    private ScramServer(String user, byte[] binding, String clientFirst, String clientNonce) {
        this.user = user;
        this.binding = binding;
        this.clientFirst = clientFirst;
        this.clientNonce = clientNonce;
    }

    /**
     * Null when it is no first message, wants to act as somebody else, or has another channel binding.
     *
     * @param isBound by SCRAM-SHA-256-PLUS
     * @param offered the binding that clients were offered that mechanism with; null: they were not
     */
    public static @Nullable ScramServer begin(byte[] message, boolean isBound, @Nullable ChannelBinding offered) {
        String text = new String(message, StandardCharsets.UTF_8);
        int comma = text.indexOf(',');
        int secondComma = text.indexOf(',', comma + 1);
        if (comma < 1 || secondComma < 0 || !isRightFlag(text.substring(0, comma), isBound, offered)) {
            return null;
        }
        String bare = text.substring(secondComma + 1);
        String[] attributes = bare.split(",", -1);
        String name = ScramText.value(attributes, 0, 'n');
        String nonce = ScramText.value(attributes, 1, 'r');
        String user = name == null ? null : ScramText.unescape(name);
        if (user == null || user.isEmpty() || nonce == null || nonce.isEmpty()) {
            return null;
        }
        String authorization = text.substring(comma + 1, secondComma);
        boolean isOwn = authorization.isEmpty() || authorization.equals("a=" + name);
        byte[] header = text.substring(0, secondComma + 1).getBytes(StandardCharsets.UTF_8);
        return isOwn ? new ScramServer(user, isBound ? joined(header, offered) : header, bare, nonce) : null;
    }

    private static boolean isRightFlag(String flag, boolean isBound, @Nullable ChannelBinding offered) {
        if (isBound) {
            return offered != null && flag.equals("p=" + offered.type());
        }
        return flag.equals("n") || flag.equals("y") && offered == null;
    }

    private static byte[] joined(byte[] header, @Nullable ChannelBinding offered) {
        byte[] data = offered == null ? new byte[0] : offered.data();
        byte[] all = Arrays.copyOf(header, header.length + data.length);
        System.arraycopy(data, 0, all, header.length, data.length);
        return all;
    }

    public String user() {
        return user;
    }

    /** {@code known}: of the user; of somebody who does not exist, such as nobody has. */
    public byte[] challenge(ScramKeys known, SecureRandom random) {
        keys = known;
        nonce = clientNonce + ScramText.newNonce(random);
        serverFirst =
                "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(known.salt()) + ",i=" + known.iterations();
        return serverFirst.getBytes(StandardCharsets.UTF_8);
    }

    /** What proves to the client that the server knows the password, too; null: the client does not know it. */
    public byte @Nullable [] end(byte[] message) {
        ScramKeys known = keys;
        if (known == null) {
            throw new IllegalStateException("no challenge yet");
        }
        String text = new String(message, StandardCharsets.UTF_8);
        int proofAt = text.lastIndexOf(",p=");
        String[] attributes = text.split(",", -1);
        String bound = ScramText.value(attributes, 0, 'c');
        String said = ScramText.value(attributes, 1, 'r');
        byte[] binds = bound == null ? null : ScramText.base64(bound);
        byte[] proof = proofAt < 0 ? null : ScramText.base64(text.substring(proofAt + 3));
        if (binds == null
                || !MessageDigest.isEqual(binds, binding)
                || !nonce.equals(said)
                || proof == null
                || proof.length != ScramKeys.HASH_BYTES) {
            return null;
        }
        String all = clientFirst + ',' + serverFirst + ',' + text.substring(0, proofAt);
        byte[] clientKey = ScramKeys.xor(proof, ScramKeys.hmac(known.storedKey(), all));
        if (!MessageDigest.isEqual(ScramKeys.hash(clientKey), known.storedKey())) {
            return null;
        }
        return ("v=" + Base64.getEncoder().encodeToString(ScramKeys.hmac(known.serverKey(), all)))
                .getBytes(StandardCharsets.UTF_8);
    }
}
