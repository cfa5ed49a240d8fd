// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who does the arithmetic: native code where there is some for this machine, which signs with RSA twice as fast as Java does
 * and with Ed25519 ten times (measured, see engine/decisions/0033), and else Java itself.
 * Thread: any.
 */
enum SigningProvider {
    NATIVE,
    JAVA;

    private static final Logger LOG = LoggerFactory.getLogger(SigningProvider.class);

    private static final class Holder {
        private static final SigningProvider BEST = best();
    }

    static SigningProvider fastest() {
        return Holder.BEST;
    }

    private static SigningProvider best() {
        try {
            // Read when the provider's class is loaded: without it, it leaves Ed25519 keys to Java.
            System.setProperty("com.amazon.corretto.crypto.provider.registerEdKeyFactory", "true");
            AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
            KeyFactory.getInstance("EdDSA", AmazonCorrettoCryptoProvider.INSTANCE);
            return NATIVE;
        } catch (LinkageError | RuntimeException | NoSuchAlgorithmException e) {
            LOG.info(
                    "no native code for signatures on {}: {}",
                    System.getProperty("os.arch", "?").toLowerCase(Locale.ROOT),
                    e.toString());
            return JAVA;
        }
    }

    KeyFactory keys(String algorithm) throws GeneralSecurityException {
        Provider provider = provider();
        return provider == null ? KeyFactory.getInstance(algorithm) : KeyFactory.getInstance(algorithm, provider);
    }

    Signature signature(String algorithm) throws GeneralSecurityException {
        Provider provider = provider();
        return provider == null ? Signature.getInstance(algorithm) : Signature.getInstance(algorithm, provider);
    }

    private @Nullable Provider provider() {
        return this == NATIVE ? AmazonCorrettoCryptoProvider.INSTANCE : null;
    }
}
