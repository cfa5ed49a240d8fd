// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Takes every certificate, so that a handshake succeeds: what it is worth is found out behind that, as in Postfix, since
 * an unknown one is often as good as none.
 * Thread: any.
 */
public final class AnyCertificate extends X509ExtendedTrustManager {
    private final X509Certificate[] named;

    /** {@code named}: the authorities that a server names to its clients. */
    public AnyCertificate(List<X509Certificate> named) {
        this.named = named.toArray(new X509Certificate[0]);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return named.clone();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}
}
