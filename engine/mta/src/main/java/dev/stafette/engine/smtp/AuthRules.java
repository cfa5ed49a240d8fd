// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.auth.AuthMechanism;
import dev.stafette.engine.auth.AuthServer;
import dev.stafette.engine.auth.AuthServers;
import dev.stafette.engine.auth.SecurityOptions;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.match.NameList;
import dev.stafette.engine.match.NetworkList;
import dev.stafette.engine.restriction.ClientFacts;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.tls.ServerTls;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How clients log in at one service.
 * Thread: any (a value).
 *
 * @param server null: nobody can log in
 * @param onlySecure {@code smtpd_tls_auth_only}: nothing of it without TLS
 * @param inClear {@code smtpd_sasl_security_options}
 * @param secure {@code smtpd_sasl_tls_security_options}
 * @param filter {@code smtpd_sasl_mechanism_filter}
 * @param exceptions {@code smtpd_sasl_exceptions_networks}: who is not told of AUTH
 * @param service {@code smtpd_sasl_service}
 * @param showsUser {@code smtpd_sasl_authenticated_header}
 * @param offersTwice {@code broken_sasl_auth_clients}
 * @param responseBytesMax {@code smtpd_sasl_response_limit}
 */
public record AuthRules(
        @Nullable AuthServer server,
        boolean onlySecure,
        SecurityOptions inClear,
        SecurityOptions secure,
        NameList filter,
        NetworkList exceptions,
        String service,
        boolean showsUser,
        boolean offersTwice,
        int responseBytesMax) {
    public static AuthRules of(Settings settings, ListTables tables, AuthServers servers, ServerTls tls) {
        return new AuthRules(
                settings.flag("smtpd_sasl_auth_enable") ? server(settings, servers) : null,
                tls.authOnly(),
                options(settings, "smtpd_sasl_security_options"),
                options(settings, "smtpd_sasl_tls_security_options"),
                NameList.read(settings.words("smtpd_sasl_mechanism_filter"), settings.host()::read, tables),
                settings.networks("smtpd_sasl_exceptions_networks", tables),
                settings.text("smtpd_sasl_service"),
                settings.flag("smtpd_sasl_authenticated_header"),
                settings.flag("broken_sasl_auth_clients"),
                settings.count("smtpd_sasl_response_limit"));
    }

    private static SecurityOptions options(Settings settings, String parameter) {
        SecurityOptions read = SecurityOptions.read(settings.words(parameter));
        if (read == null) {
            throw settings.bad(parameter, SecurityOptions.EXPECTED);
        }
        return read;
    }

    /** Null for Cyrus. */
    private static @Nullable AuthServer server(Settings settings, AuthServers servers) {
        String path = settings.text("smtpd_sasl_path");
        String type = settings.choice("smtpd_sasl_type");
        if (type.equals("stafette")) {
            return servers.openFile(path, settings.text("smtpd_sasl_local_domain"));
        }
        if (!type.equals("dovecot")) {
            servers.refuse(type);
            return null;
        }
        AuthServer server = servers.openDovecot(path, settings.ports());
        if (server == null) {
            throw settings.bad("smtpd_sasl_path", "a path, unix:path, or inet:host:port");
        }
        return server;
    }

    /** Whether clients may log in at all, as the session is now. */
    boolean isOffered(boolean isSecure) {
        return server != null && (isSecure || !onlySecure);
    }

    /** Those of a server's mechanisms that clients may use. {@code canBind}: to the TLS session. */
    List<String> usable(List<AuthMechanism> all, boolean isSecure, boolean canBind, Inquiry inquiry) {
        SecurityOptions options = isSecure ? secure : inClear;
        List<String> names = new ArrayList<>();
        for (AuthMechanism mechanism : all) {
            if ((canBind || !mechanism.isBound())
                    && options.admits(mechanism)
                    && filter.find(mechanism.name(), inquiry).isFound()) {
                names.add(mechanism.name());
            }
        }
        return names;
    }

    /** Whether the client is not told of AUTH, which it may use for all that. */
    boolean isHiddenFrom(ClientFacts client, Inquiry inquiry) {
        String knownName = client.name().equals(ClientFacts.UNKNOWN) ? null : client.name();
        return exceptions.find(client.address(), knownName, inquiry) == Finding.FOUND;
    }
}
