// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import dev.stafette.delivery.tls.KeyChain;
import io.netty.handler.ssl.OpenSslCredential;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import java.lang.reflect.Method;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The chains of which BoringSSL chooses one in each handshake, and which it has chosen. It tells that only until the handshake
 * is over, and what it tells is the address at which it has one; Netty has no way to what that is.
 * Thread: any.
 */
final class ChainChoice {
    private final Map<Long, X509Certificate> byAddress;
    private final Method address;

    private ChainChoice(Map<Long, X509Certificate> byAddress, Method address) {
        this.byAddress = Map.copyOf(byAddress);
        this.address = address;
    }

    /** {@code credentials}: of these chains, while they are held. Null: this Netty does not tell. */
    static @Nullable ChainChoice of(List<KeyChain> chains, List<OpenSslCredential> credentials) {
        try {
            Method address = Class.forName("io.netty.handler.ssl.OpenSslCredentialPointer")
                    .getDeclaredMethod("credentialAddress");
            address.setAccessible(true);
            Map<Long, X509Certificate> byAddress = new HashMap<>();
            for (int i = 0; i < chains.size(); i++) {
                byAddress.put(
                        (Long) address.invoke(credentials.get(i)), chains.get(i).certificateArray()[0]);
            }
            return new ChainChoice(byAddress, address);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    /** The certificate that is shown, while the handshake goes on. Null: none is chosen yet, or none needs to be. */
    @Nullable
    X509Certificate chosen(SSLEngine engine) {
        if (!(engine instanceof ReferenceCountedOpenSslEngine open)) {
            return null;
        }
        try {
            OpenSslCredential selected = open.getSelectedCredential();
            return selected == null ? null : byAddress.get((Long) address.invoke(selected));
        } catch (SSLException | ReflectiveOperationException e) {
            return null;
        }
    }
}
