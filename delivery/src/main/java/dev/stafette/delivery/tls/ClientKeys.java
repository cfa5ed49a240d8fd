// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a client: the first of a kind that the server takes. Whom the server believes is not asked, as it may look at
 * the fingerprint alone; so Postfix does it.
 * Thread: any.
 */
final class ClientKeys extends X509ExtendedKeyManager {
    private final List<KeyChain> chains;

    ClientKeys(List<KeyChain> chains) {
        this.chains = List.copyOf(chains);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        for (int i = 0; i < chains.size(); i++) {
            if (Arrays.asList(keyTypes).contains(chains.get(i).algorithm())) {
                return Integer.toString(i);
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineClientAlias(keyTypes, issuers, null);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseEngineClientAlias(new String[] {keyType}, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return chain(alias).certificateArray();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return chain(alias).key();
    }

    private KeyChain chain(String alias) {
        return chains.get(Integer.parseInt(alias));
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
