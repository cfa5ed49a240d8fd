// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Our keys in a handshake, on either side of it: the first of a kind that the other side takes, so those in front are preferred.
 * Whom a server believes is not asked, as it may look at the fingerprint alone; so Postfix does it.
 * Thread: any.
 */
public final class OwnKeys extends X509ExtendedKeyManager {
    private final List<KeyChain> chains;

    public OwnKeys(List<KeyChain> chains) {
        this.chains = List.copyOf(chains);
    }

    private @Nullable String firstOf(String... kinds) {
        List<String> taken = List.of(kinds);
        for (int i = 0; i < chains.size(); i++) {
            if (taken.contains(chains.get(i).algorithm())) {
                return Integer.toString(i);
            }
        }
        return null;
    }

    private String @Nullable [] allOf(String kind) {
        String alias = firstOf(kind);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return firstOf(keyTypes);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return firstOf(keyTypes);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return allOf(keyType);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return firstOf(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return firstOf(keyType);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return allOf(keyType);
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
}
