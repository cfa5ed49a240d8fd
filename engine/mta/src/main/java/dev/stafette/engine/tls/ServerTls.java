// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import dev.stafette.delivery.tls.TlsLogLevel;
import dev.stafette.engine.config.Settings;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one smtpd row.
 * Thread: any (a value).
 *
 * @param isOffered STARTTLS may be said
 * @param isRequired nothing else may be said before
 * @param isWrapped the handshake comes before the greeting ({@code smtpd_tls_wrappermode})
 * @param authOnly AUTH only within TLS ({@code smtpd_tls_auth_only}, or where TLS is required)
 * @param requiresCertificate of a client, and a trusted one ({@code smtpd_tls_req_ccert} where TLS is required)
 * @param showsInReceived {@code smtpd_tls_received_header}
 * @param logLevel {@code smtpd_tls_loglevel}
 * @param timeout of a handshake ({@code smtpd_starttls_timeout})
 * @param context null: there is none for want of a certificate, or no TLS at all
 */
public record ServerTls(
        boolean isOffered,
        boolean isRequired,
        boolean isWrapped,
        boolean authOnly,
        boolean requiresCertificate,
        boolean showsInReceived,
        TlsLogLevel logLevel,
        Duration timeout,
        @Nullable ServerContext context) {
    /** No TLS at all. */
    public static final ServerTls NONE =
            new ServerTls(false, false, false, false, false, false, TlsLogLevel.NONE, Duration.ZERO, null);

    /** {@code settings}: those of the row. */
    public static ServerTls of(Settings settings, ServerContexts contexts) {
        Level level = Level.of(settings);
        boolean isWrapped = settings.flag("smtpd_tls_wrappermode");
        boolean isRequired = isWrapped || level == Level.ENCRYPT;
        boolean isOffered = isRequired || level == Level.MAY;
        return new ServerTls(
                isOffered,
                isRequired,
                isWrapped,
                isRequired || settings.flag("smtpd_tls_auth_only"),
                isRequired && settings.flag("smtpd_tls_req_ccert"),
                settings.flag("smtpd_tls_received_header"),
                contexts.logLevel(settings),
                settings.time("smtpd_starttls_timeout"),
                isOffered ? contexts.of(settings, isRequired) : null);
    }

    /** The same by another context; null: there is none. */
    public ServerTls with(@Nullable ServerContext other) {
        return new ServerTls(
                isOffered,
                isRequired,
                isWrapped,
                authOnly,
                requiresCertificate,
                showsInReceived,
                logLevel,
                timeout,
                other);
    }

    /** What a handshake has come to is logged. */
    public boolean logsSummary() {
        return logLevel.has(TlsLogLevel.Part.SUMMARY);
    }

    /** Clients are asked for a certificate. */
    public boolean asksCertificate() {
        return context != null && context.terms().asksCertificate();
    }

    /** {@code smtpd_tls_security_level}, and what was before it. */
    private enum Level {
        NONE,
        MAY,
        ENCRYPT;

        static Level of(Settings settings) {
            return switch (settings.text("smtpd_tls_security_level").toLowerCase(Locale.ROOT)) {
                case "none" -> NONE;
                case "may" -> MAY;
                // What goes beyond is for clients; Postfix warns, and takes it for this.
                case "encrypt", "fingerprint", "verify", "secure" -> ENCRYPT;
                case "" -> ofOldNames(settings);
                default -> throw settings.bad("smtpd_tls_security_level", "none, may, encrypt or nothing");
            };
        }

        private static Level ofOldNames(Settings settings) {
            if (settings.flag("smtpd_enforce_tls")) {
                return ENCRYPT;
            }
            return settings.flag("smtpd_use_tls") ? MAY : NONE;
        }
    }
}
