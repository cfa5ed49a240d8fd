// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.smtp.EhloCapabilities;
import dev.stafette.delivery.dns.RecordFilter;
import dev.stafette.delivery.dns.RecordFilter.Ruling;
import dev.stafette.delivery.smtp.ClientHabits;
import dev.stafette.delivery.smtp.PixWorkarounds;
import dev.stafette.delivery.smtp.PixWorkarounds.Kind;
import dev.stafette.delivery.smtp.ServerTraits;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.table.TestTables;
import dev.stafette.engine.table.types.OpenTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HabitsSectionTest {
    private final List<String> said = new ArrayList<>();

    private static OpenTables tables() {
        return new OpenTables(TestTables.realTimeHost());
    }

    private ClientHabits habits(String... mainCf) {
        return HabitsSection.of(FakeHost.settings(mainCf), tables(), said::add, said::add, null);
    }

    private @Nullable ServerTraits traits(ClientHabits habits, String address) {
        List<@Nullable ServerTraits> found = new ArrayList<>();
        habits.servers().find(Runnable::run, address, found::add);
        assertEquals(1, found.size());
        return found.get(0);
    }

    @Test
    void hasPostfixDefaults() {
        ClientHabits habits = habits();
        ClientHabits usual = ClientHabits.USUAL;
        assertEquals(
                new ClientHabits(
                        false,
                        true,
                        false,
                        false,
                        0,
                        habits.servers(),
                        usual.pixDelay(),
                        usual.pixAge(),
                        null,
                        null,
                        habits.onPort(),
                        habits.requireTls(),
                        true,
                        habits.ports(),
                        false,
                        null),
                habits);
        assertEquals(ServerTraits.USUAL, traits(habits, "192.0.2.1"));
    }

    @Test
    void saysWhatPort465WantsWhereNothingElseHasSaidIt() {
        habits().onPort().accept(25);
        assertEquals(List.of(), said);
        habits().onPort().accept(465);
        assertEquals(
                List.of("SMTPS wrappermode (TCP port 465) requires setting \"smtp_tls_wrappermode = yes\", and"
                        + " \"smtp_tls_security_level = encrypt\" (or stronger)"),
                said);
        said.clear();
        habits("helpful_warnings = no").onPort().accept(465);
        habits("smtp_tls_wrappermode = yes").onPort().accept(465);
        assertEquals(List.of(), said);
    }

    @Test
    void knowsServersByTheirAddress() {
        ClientHabits habits = habits(
                "smtp_discard_ehlo_keywords = pipelining, no-such-thing",
                "smtp_discard_ehlo_keyword_address_maps = inline:{ {192.0.2.1 = silent-discard, starttls, XFORWARD} }",
                "smtp_pix_workarounds = DELAY_dotcrlf",
                "smtp_pix_workaround_maps = inline:{192.0.2.2=disable_esmtp}",
                "smtp_pix_workaround_delay_time = 3s");
        assertEquals(
                new ServerTraits(
                        EhloCapabilities.PIPELINING, "PIPELINING", new PixWorkarounds(Set.of(Kind.DISABLE_ESMTP))),
                traits(habits, "192.0.2.2"));
        ServerTraits one = Objects.requireNonNull(traits(habits, "192.0.2.1"));
        assertEquals("", one.hiddenText());
        assertEquals(new PixWorkarounds(Set.of(Kind.DELAY_DOTCRLF)), one.workarounds());
        assertTrue((one.hidden() & EhloCapabilities.START_TLS) != 0);
        assertTrue((one.hidden() & EhloCapabilities.XFORWARD_IDENT) != 0);
        assertEquals(Duration.ofSeconds(3), habits.pixDelay());
    }

    @Test
    void cannotTellWhereATableOfKeywordsFails() {
        assertNull(traits(habits("smtp_discard_ehlo_keyword_address_maps = fail:x"), "192.0.2.1"));
        assertEquals(1, said.size());
    }

    @Test
    void replacesRepliesAndSaysSo() {
        BinaryOperator<String> filter = Objects.requireNonNull(
                habits("smtp_reply_filter = inline:{ {250 old = 450 new} }").replyFilter());
        assertEquals("450 new", filter.apply("mx[192.0.2.1]:25", "250 old"));
        assertEquals("250 other", filter.apply("mx[192.0.2.1]:25", "250 other"));
        assertEquals(List.of("mx[192.0.2.1]:25: replacing server reply \"250 old\" with \"450 new\""), said);
    }

    @Test
    void keepsSessionsOfNamedDestinationsWhereNotAllAreKept() {
        assertNull(habits("smtp_connection_cache_destinations = a.test").keptDestinations());
        Predicate<String> kept = Objects.requireNonNull(habits(
                        "smtp_connection_cache_on_demand = no",
                        "smtp_connection_cache_destinations = a.test, private/box")
                .keptDestinations());
        assertTrue(kept.test("a.test"));
        assertTrue(kept.test("[A.test]:2525"));
        assertTrue(kept.test("unix:private/box"));
        assertFalse(kept.test("b.test"));
    }

    @Test
    void readsWhatElseIsAskedFor() {
        ClientHabits habits = habits(
                "smtp_bind_address_enforce = yes",
                "smtp_quote_rfc821_envelope = no",
                "smtp_send_dummy_mail_auth = yes",
                "smtp_sasl_auth_enable = yes",
                "smtp_address_verify_target = data",
                "smtp_per_record_deadline = yes",
                "smtp_min_data_rate = 100");
        assertTrue(habits.bindsOrFails());
        assertFalse(habits.quotesAddresses());
        assertTrue(habits.sendsDummyAuth());
        assertTrue(habits.asksAtData());
        assertEquals(100, habits.dataRateMin());
    }

    @Test
    void knowsPortsOfNextHopsByName() {
        ClientHabits habits = habits("known_tcp_ports = smtp=25, ours=2525");
        assertEquals(2525, habits.ports().applyAsInt("ours"));
        assertEquals(587, habits().ports().applyAsInt("submission"));
    }

    @Test
    void leavesOutRecordsThatTheFilterIgnores() {
        RecordFilter filter = Objects.requireNonNull(RouteSection.of(
                        FakeHost.settings("smtp_dns_reply_filter = inline:{ {a.test. 60 IN A 192.0.2.1 = Ignore} }"),
                        tables(),
                        text -> {},
                        text -> {})
                .filter());
        assertEquals(Ruling.DROP, filter.rule("a.test. 60 IN A 192.0.2.1"));
        assertEquals(Ruling.KEEP, filter.rule("a.test. 60 IN A 192.0.2.2"));
    }
}
