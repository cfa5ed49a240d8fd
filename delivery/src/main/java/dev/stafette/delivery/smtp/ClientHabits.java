// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.time.Duration;
import java.util.function.BinaryOperator;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a client does in another way than most, where it is told to.
 * Thread: any (a value); the functions are called on event loops, and do not wait.
 *
 * @param bindsOrFails no connection where the local address cannot be had ({@code smtp_bind_address_enforce})
 * @param quotesAddresses as RFC 5321 wants it ({@code smtp_quote_rfc821_envelope})
 * @param sendsDummyAuth {@code AUTH=<>} behind MAIL, to servers that offer AUTH ({@code smtp_send_dummy_mail_auth})
 * @param asksAtData a message that only asks for its recipients goes on to DATA ({@code smtp_address_verify_target})
 * @param dataRateMin bytes of content a second, with which the time for them grows; 0: as long as they move, their time
 *     begins anew ({@code smtp_per_request_deadline}, {@code smtp_min_data_rate})
 * @param servers what each is known for
 * @param pixDelay before the dot, for a server that needs it ({@code smtp_pix_workaround_delay_time})
 * @param pixAge of a message that is so dealt with; a younger one is tried without
 *     ({@code smtp_pix_workaround_threshold_time})
 * @param replyFilter makes of a server, as the log has it, and a line of its reply what is taken for that line; null: the
 *     line itself ({@code smtp_reply_filter})
 * @param keptDestinations the only next hops whose sessions are kept ({@code smtp_connection_cache_destinations}); null:
 *     every one's are
 * @param onPort hears of the port of each next hop that a connection is made for
 * @param requireTls what messages with REQUIRETLS demand of servers ({@code smtp_requiretls_policy})
 * @param heedsWaivers messages whose senders want to do without TLS are sent so ({@code tls_required_enable})
 * @param ports by number or name, as a next hop has them; below 1 for what is none ({@code known_tcp_ports})
 * @param softBounce what a host refuses for good may be tried at the next one ({@code soft_bounce})
 * @param errors hears of sessions in which servers misbehave ({@code notify_classes}); null: what is said is forgotten
 */
public record ClientHabits(
        boolean bindsOrFails,
        boolean quotesAddresses,
        boolean sendsDummyAuth,
        boolean asksAtData,
        int dataRateMin,
        ServerBook servers,
        Duration pixDelay,
        Duration pixAge,
        @Nullable BinaryOperator<String> replyFilter,
        @Nullable Predicate<String> keptDestinations,
        IntConsumer onPort,
        RequireTls.Source requireTls,
        boolean heedsWaivers,
        ToIntFunction<String> ports,
        boolean softBounce,
        @Nullable ServerErrors errors) {
    public static final ClientHabits USUAL = new ClientHabits(
            false,
            true,
            false,
            false,
            0,
            ServerBook.EMPTY,
            Duration.ofSeconds(10),
            Duration.ofSeconds(500),
            null,
            null,
            port -> {},
            RequireTls.Source.ENFORCED,
            true,
            ClientHabits::numbered,
            false,
            null);

    private static int numbered(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) < 1 << Character.SIZE ? Integer.parseInt(text) : -1;
    }
}
