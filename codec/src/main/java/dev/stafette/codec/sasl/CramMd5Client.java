// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.sasl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** CRAM-MD5 (RFC 2195 §2): the challenge, and a keyed hash of it. Thread: that of the session. */
record CramMd5Client(String user, String password) implements SaslClient {
    private static final String HMAC = "HmacMD5";

    @Override
    public byte @Nullable [] initialResponse() {
        return null;
    }

    @Override
    public byte[] respond(byte[] challenge) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.UTF_8), HMAC));
            String digest = HexFormat.of().formatHex(mac.doFinal(challenge));
            return (user + ' ' + digest).getBytes(StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
