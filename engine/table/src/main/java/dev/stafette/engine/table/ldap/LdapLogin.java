// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.ldap;

import com.unboundid.ldap.sdk.ExtendedResult;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import com.unboundid.util.ssl.JVMDefaultTrustManager;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.TrustAllTrustManager;
import dev.stafette.engine.table.server.ServerAddress;
import dev.stafette.engine.table.server.UnixSocketFactory;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.SocketFactory;

/**
 * How a table's connections to its directory are opened.
 * Thread: any (a value).
 *
 * @param bind false: without, and so as nobody
 */
record LdapLogin(boolean bind, String dn, String password, long timeoutMs, boolean chaseReferrals, Tls tls) {

    /**
     * @param requireCertificate false encrypts without a look at who is there, which is the default as it is in Postfix
     * @param authorities a file; empty: those that the JVM knows
     */
    record Tls(boolean startTls, boolean requireCertificate, String authorities) {
        SSLUtil util() throws GeneralSecurityException {
            if (!requireCertificate) {
                return new SSLUtil(new TrustAllTrustManager());
            }
            return new SSLUtil(
                    authorities.isEmpty()
                            ? JVMDefaultTrustManager.getInstance()
                            : new PEMFileTrustManager(new File(authorities)));
        }
    }

    LdapSession connect(ServerAddress server) throws IOException {
        try {
            LDAPConnection connection = open(server);
            try {
                if (tls.startTls()) {
                    startTls(connection);
                }
                if (bind) {
                    connection.bind(dn, password);
                }
                return new LdapSession(connection);
            } catch (LDAPException | GeneralSecurityException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (LDAPException | GeneralSecurityException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private LDAPConnection open(ServerAddress server) throws LDAPException, GeneralSecurityException {
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        // Without a thread that reads for each connection: a lookup waits for its own answer.
        options.setUseSynchronousMode(true);
        options.setConnectTimeoutMillis((int) timeoutMs);
        options.setResponseTimeoutMillis(timeoutMs);
        options.setFollowReferrals(chaseReferrals);
        options.setBindWithDNRequiresPassword(false);
        if (tls.requireCertificate()) {
            options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(false));
        }
        if (server.isUnix()) {
            return new LDAPConnection(new UnixSocketFactory(server.host()), options, "localhost", 389);
        }
        SocketFactory sockets = server.kind() == ServerAddress.Kind.TLS
                ? tls.util().createSSLSocketFactory()
                : SocketFactory.getDefault();
        return new LDAPConnection(sockets, options, server.host(), server.port());
    }

    private void startTls(LDAPConnection connection) throws LDAPException, GeneralSecurityException {
        ExtendedResult result = connection.processExtendedOperation(
                new StartTLSExtendedRequest(tls.util().createSSLContext()));
        if (!result.getResultCode().equals(ResultCode.SUCCESS)) {
            throw new LDAPException(result);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return dn;
    }
}
