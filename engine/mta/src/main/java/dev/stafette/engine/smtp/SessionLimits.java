// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.config.Settings;
import java.time.Duration;

/**
 * How much a client may ask of the server.
 * Thread: any (a value).
 *
 * @param timeout {@code smtpd_timeout}: for the next bytes
 * @param deadlinePerRequest {@code smtpd_per_request_deadline}: the timeout is for a whole command or message
 * @param dataBytesPerSecondMin {@code smtpd_min_data_rate}: content that comes at this rate is never late
 * @param softErrorCount from so many errors on, every reply waits {@code errorSleep}
 * @param hardErrorCount at so many errors the session ends
 * @param junkCommandCount NOOP, RSET and the like beyond this number are errors
 * @param recipientCount of a message
 * @param recipientOvershootCount refused ones above that which are no errors
 * @param messageBytes {@code message_size_limit}, which clients are told; 0: none
 * @param contentBytes what a message may come to, where a cleanup row has a smaller limit; 0: no limit
 * @param sessionsPerClient at a time; 0: no limit
 * @param historyLineCount {@code smtpd_history_flush_threshold}: of a transcript, before what comes next is another one
 * @param rates what a client may do in a time unit
 */
public record SessionLimits(
        Duration timeout,
        boolean deadlinePerRequest,
        int dataBytesPerSecondMin,
        int softErrorCount,
        int hardErrorCount,
        Duration errorSleep,
        int junkCommandCount,
        int recipientCount,
        int recipientOvershootCount,
        long messageBytes,
        long contentBytes,
        int sessionsPerClient,
        int historyLineCount,
        Rates rates) {
    /** {@code contentBytes}: what cleanup takes of it. */
    public static SessionLimits of(Settings settings, long contentBytes) {
        return new SessionLimits(
                settings.time("smtpd_timeout"),
                settings.flag("smtpd_per_request_deadline"),
                settings.count("smtpd_min_data_rate"),
                settings.count("smtpd_soft_error_limit"),
                settings.count("smtpd_hard_error_limit"),
                settings.time("smtpd_error_sleep_time"),
                settings.count("smtpd_junk_command_limit"),
                settings.count("smtpd_recipient_limit"),
                settings.count("smtpd_recipient_overshoot_limit"),
                settings.size("message_size_limit"),
                contentBytes,
                settings.count("smtpd_client_connection_count_limit"),
                settings.count("smtpd_history_flush_threshold"),
                Rates.of(settings));
    }

    /**
     * Of one client in {@code unit}, {@code anvil_rate_time_unit}; 0: no limit.
     *
     * @param statusInterval {@code anvil_status_update_time}: so often the most that there was is logged
     */
    public record Rates(
            int connections,
            int messages,
            int recipients,
            int logins,
            int newTls,
            Duration unit,
            Duration statusInterval) {
        static Rates of(Settings settings) {
            Settings counter = settings.ofService("anvil", "anvil");
            return new Rates(
                    settings.count("smtpd_client_connection_rate_limit"),
                    settings.count("smtpd_client_message_rate_limit"),
                    settings.count("smtpd_client_recipient_rate_limit"),
                    settings.count("smtpd_client_auth_rate_limit"),
                    settings.count("smtpd_client_new_tls_session_rate_limit"),
                    counter.time("anvil_rate_time_unit"),
                    counter.time("anvil_status_update_time"));
        }

        int max(ClientEvent event) {
            return switch (event) {
                case CONNECTION -> connections;
                case MESSAGE -> messages;
                case RECIPIENT -> recipients;
                case AUTH -> logins;
                case NEW_TLS -> newTls;
            };
        }
    }
}
