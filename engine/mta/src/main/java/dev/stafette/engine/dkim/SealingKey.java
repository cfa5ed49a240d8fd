// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.codec.dkim.SignatureAlgorithm;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;

/**
 * The key with which we vouch for what others have sent.
 * Thread: any (it does not change).
 */
public final class SealingKey {
    private static final Path ROOT = Path.of("/");

    private final SigningKey key;

    private SealingKey(SigningKey key) {
        this.key = key;
    }

    /**
     * {@code text}: {@code domain:selector:file}, as a line of dkim_key_table has it behind the name; the file with its directory.
     *
     * @throws IOException it cannot be read, or it is wrong: with what was expected
     */
    public static SealingKey of(String text) throws IOException {
        try {
            SigningKey key = KeyTable.key(text, ROOT, new HashMap<>(), SigningProvider.fastest());
            if (key.domain().equals("%")) {
                throw new IOException("'%' (expected: a domain of ours)");
            }
            return new SealingKey(key);
        } catch (GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    public SignatureAlgorithm algorithm() {
        return key.file().algorithm();
    }

    public String domain() {
        return key.domain();
    }

    public String selector() {
        return key.selector();
    }

    /** Takes no longer than a hand-over to another thread and back would. */
    public boolean isQuick() {
        return key.isQuick();
    }

    /** Of these bytes, one piece after the other. */
    public byte[] sign(List<byte[]> pieces) throws GeneralSecurityException {
        return key.sign(pieces);
    }
}
