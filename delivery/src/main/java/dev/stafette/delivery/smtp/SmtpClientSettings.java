// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.auth.ClientLogins;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one smtp or lmtp row of master.cf; the names of parameters are those of SMTP.
 * Thread: any (a value).
 *
 * @param myHostname a server that greets with this name is ourselves
 * @param heloName {@code smtp_helo_name}
 * @param skip5xxGreeting a 5xx greeting is as good as a 4xx one ({@code smtp_skip_5xx_greeting})
 * @param port where the next hop names none
 * @param mxSessionLimit sessions past EHLO in one attempt ({@code smtp_mx_session_limit}); 0: no limit
 * @param lineBytesMax longer text lines are split ({@code smtp_line_length_limit}); 0: never
 * @param mimeConversion 8-bit content becomes 7-bit for a server without 8BITMIME
 *     ({@code disable_mime_output_conversion = no})
 * @param bindAddress local address of IPv4 connections ({@code smtp_bind_address}); null: the system's choice
 * @param fallbackRelay next hops, separated by commas, for what the destination's own do not take
 *     ({@code smtp_fallback_relay}); not for one that we are an exchange of
 * @param bindAddress6 local address of IPv6 connections ({@code smtp_bind_address6})
 * @param sendsOrigin a server that offers XFORWARD hears whom a message came from first
 *     ({@code smtp_send_xforward_command})
 * @param logins null: it logs in nowhere
 * @param lmtp null: it speaks SMTP
 * @param habits what it does in another way than most
 */
public record SmtpClientSettings(
        String myHostname,
        String heloName,
        HelloMode helloMode,
        boolean skip5xxGreeting,
        int port,
        int mxSessionLimit,
        int lineBytesMax,
        boolean mimeConversion,
        @Nullable InetAddress bindAddress,
        @Nullable InetAddress bindAddress6,
        SmtpTimeouts timeouts,
        SessionReuse reuse,
        String fallbackRelay,
        boolean sendsOrigin,
        @Nullable ClientLogins logins,
        @Nullable LmtpSettings lmtp,
        ClientHabits habits) {
    /** {@code smtp_always_send_ehlo} and {@code smtp_never_send_ehlo}. */
    public enum HelloMode {
        ALWAYS_EHLO,
        NEVER_EHLO,
        /** EHLO only to a server whose greeting says ESMTP. */
        EHLO_WHEN_GREETED
    }

    /** RFC 5321 §4.5.3.1.6: 1000 octets with CRLF. */
    public static final int LINE_BYTES_MAX = 998;

    /** Without a fallback, XFORWARD and logins. */
    public SmtpClientSettings(
            String myHostname,
            String heloName,
            HelloMode helloMode,
            boolean skip5xxGreeting,
            int port,
            int mxSessionLimit,
            int lineBytesMax,
            boolean mimeConversion,
            @Nullable InetAddress bindAddress,
            @Nullable InetAddress bindAddress6,
            SmtpTimeouts timeouts,
            SessionReuse reuse) {
        this(
                myHostname,
                heloName,
                helloMode,
                skip5xxGreeting,
                port,
                mxSessionLimit,
                lineBytesMax,
                mimeConversion,
                bindAddress,
                bindAddress6,
                timeouts,
                reuse,
                "",
                false,
                null,
                null,
                ClientHabits.USUAL);
    }

    public SmtpClientSettings {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
        }
        if (mxSessionLimit < 0 || lineBytesMax < 0) {
            throw new IllegalArgumentException("limit: negative (expected: 0 for none, or more)");
        }
    }

    /** Without LMTP. */
    public SmtpClientSettings(
            String myHostname,
            String heloName,
            HelloMode helloMode,
            boolean skip5xxGreeting,
            int port,
            int mxSessionLimit,
            int lineBytesMax,
            boolean mimeConversion,
            @Nullable InetAddress bindAddress,
            @Nullable InetAddress bindAddress6,
            SmtpTimeouts timeouts,
            SessionReuse reuse,
            String fallbackRelay,
            boolean sendsOrigin,
            @Nullable ClientLogins logins) {
        this(
                myHostname,
                heloName,
                helloMode,
                skip5xxGreeting,
                port,
                mxSessionLimit,
                lineBytesMax,
                mimeConversion,
                bindAddress,
                bindAddress6,
                timeouts,
                reuse,
                fallbackRelay,
                sendsOrigin,
                logins,
                null,
                ClientHabits.USUAL);
    }

    boolean isLmtp() {
        return lmtp != null;
    }

    /** A next hop as it is known to tables. */
    String destination(String nextHop) {
        return lmtp == null ? nextHop : LmtpSettings.destination(nextHop);
    }

    /** The server of a next hop that is a socket in the file system; null: it is none. */
    @Nullable
    Peer socket(String nextHop) {
        return lmtp != null && nextHop.startsWith(LmtpSettings.UNIX)
                ? Peer.ofSocket(myHostname, destination(nextHop), lmtp.sockets())
                : null;
    }

    /** Postfix's defaults. */
    public static SmtpClientSettings defaults(String myHostname) {
        return new SmtpClientSettings(
                myHostname,
                myHostname,
                HelloMode.ALWAYS_EHLO,
                true,
                25,
                2,
                LINE_BYTES_MAX,
                true,
                null,
                null,
                SmtpTimeouts.DEFAULTS,
                SessionReuse.DEFAULTS);
    }

    public SmtpClientSettings withTimeouts(SmtpTimeouts other) {
        return with(other, reuse, fallbackRelay, sendsOrigin, logins, lmtp, habits);
    }

    public SmtpClientSettings withReuse(SessionReuse other) {
        return with(timeouts, other, fallbackRelay, sendsOrigin, logins, lmtp, habits);
    }

    public SmtpClientSettings withFallbackRelay(String other) {
        return with(timeouts, reuse, other, sendsOrigin, logins, lmtp, habits);
    }

    public SmtpClientSettings withOrigin() {
        return with(timeouts, reuse, fallbackRelay, true, logins, lmtp, habits);
    }

    public SmtpClientSettings withLogins(ClientLogins other) {
        return with(timeouts, reuse, fallbackRelay, sendsOrigin, other, lmtp, habits);
    }

    public SmtpClientSettings withLmtp(LmtpSettings other) {
        return with(timeouts, reuse, fallbackRelay, sendsOrigin, logins, other, habits);
    }

    public SmtpClientSettings withHabits(ClientHabits other) {
        return with(timeouts, reuse, fallbackRelay, sendsOrigin, logins, lmtp, other);
    }

    private SmtpClientSettings with(
            SmtpTimeouts otherTimeouts,
            SessionReuse otherReuse,
            String otherFallbackRelay,
            boolean alsoSendsOrigin,
            @Nullable ClientLogins otherLogins,
            @Nullable LmtpSettings otherLmtp,
            ClientHabits otherHabits) {
        return new SmtpClientSettings(
                myHostname,
                heloName,
                helloMode,
                skip5xxGreeting,
                port,
                mxSessionLimit,
                lineBytesMax,
                mimeConversion,
                bindAddress,
                bindAddress6,
                otherTimeouts,
                otherReuse,
                otherFallbackRelay,
                alsoSendsOrigin,
                otherLogins,
                otherLmtp,
                otherHabits);
    }
}
