// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.DnsAnswer;
import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import dev.stafette.delivery.dns.DnsType;
import dev.stafette.delivery.dns.TlsaRecord;
import dev.stafette.delivery.route.HostTrust;
import dev.stafette.delivery.tls.DaneTerms;
import dev.stafette.delivery.tls.HostRules;
import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.delivery.tls.TlsPolicy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What RFC 7672 §2.2 says of aliases and of who vouches for what. */
class DaneLookupTest {
    private static final TlsaRecord GOOD = new TlsaRecord(3, 1, 1, "ab".repeat(32));
    private static final TlsaRecord OF_THE_WEB = new TlsaRecord(1, 1, 1, "ab".repeat(32));
    private static final HostTrust SECURE = new HostTrust(true, true, "mx.b.test");
    private static final HostTrust INSECURE_MX = new HostTrust(false, true, "mx.b.test");

    private final Zone zone = new Zone();
    private final List<String> warnings = new ArrayList<>();

    /** Answers at once, and remembers what it was asked. */
    private static final class Zone implements Dns {
        final Map<String, DnsAnswer<?>> answers = new HashMap<>();
        final List<String> questions = new ArrayList<>();

        @Override
        @SuppressWarnings("unchecked")
        public <T> void ask(String name, DnsType<T> type, Consumer<DnsAnswer<T>> then) {
            questions.add(name);
            then.accept((DnsAnswer<T>)
                    answers.getOrDefault(name, new DnsAnswer<T>(Outcome.NO_SUCH_NAME, List.of(), "", true, 60, "")));
        }

        void found(String name, Object record, boolean authentic) {
            answers.put(name, new DnsAnswer<>(Outcome.FOUND, List.of(record), name, authentic, 60, ""));
        }
    }

    private static TlsPolicy plain(TlsLevel level) {
        return new TlsPolicy(level, Set.of(), TlsPolicy.NONE.ciphers(), List.of(), "", null);
    }

    private String found(HostTrust trust, boolean isOnly, TlsLevel insecureMx, boolean forces) {
        List<TlsPolicy> found = new ArrayList<>();
        HostRules rules = new HostRules(
                new DaneTerms(isOnly, insecureMx, List.of(2, 1), forces),
                plain(TlsLevel.MAY),
                plain(TlsLevel.ENCRYPT),
                "b.test",
                List.of(),
                null);
        Peer peer = Peer.of("mx.b.test", new InetSocketAddress("127.0.0.1", 25));
        new DaneLookup(zone, rules, Objects.requireNonNull(rules.dane()), peer, trust, warnings::add, found::add)
                .start();
        TlsPolicy policy = found.get(0);
        return policy.fault() != null ? policy.fault() : policy.level() + " " + policy.serverName();
    }

    private String found(HostTrust trust) {
        return found(trust, false, TlsLevel.DANE, false);
    }

    private String foundOnly(HostTrust trust) {
        return found(trust, true, TlsLevel.DANE, false);
    }

    @Test
    void usesTheRecordsOfAHost() {
        zone.found("_25._tcp.mx.b.test", GOOD, true);
        assertEquals("DANE mx.b.test", found(SECURE));
        assertEquals("DANE mx.b.test", foundOnly(SECURE));
    }

    @Test
    void doesWithoutWhereThereAreNone() {
        assertEquals("MAY ", found(SECURE));
        assertEquals("no TLSA records found", foundOnly(SECURE));
        zone.found("_25._tcp.mx.b.test", GOOD, false);
        assertEquals("MAY ", found(SECURE));
        assertEquals("no TLSA records found", foundOnly(SECURE));
    }

    @Test
    void waitsForAnAnswer() {
        zone.answers.put("_25._tcp.mx.b.test", new DnsAnswer<>(Outcome.TRY_AGAIN, List.of(), "", false, 0, "SERVFAIL"));
        assertEquals("TLSA lookup error for mx.b.test:25", found(SECURE));
        assertEquals("TLSA lookup error for mx.b.test:25", foundOnly(SECURE));
    }

    @Test
    void encryptsWhereRecordsCannotBeUsed() {
        zone.found("_25._tcp.mx.b.test", OF_THE_WEB, true);
        assertEquals("ENCRYPT ", found(SECURE));
        assertEquals("TLSA records unusable", foundOnly(SECURE));
        String web = "_25._tcp.mx.b.test unsupported TLSA certificate usage: 1 1 1 " + "AB".repeat(32);
        assertEquals(List.of(web, web), warnings);
        warnings.clear();
        zone.found("_25._tcp.mx.b.test", new TlsaRecord(3, 0, 0, "ab".repeat(100)), true);
        assertEquals("ENCRYPT ", found(SECURE));
        assertEquals(
                List.of(
                        "mx.b.test[127.0.0.1]:25: unusable TLSA RR: 3 0 0 " + "AB".repeat(32) + "..." + "AB".repeat(32),
                        "mx.b.test[127.0.0.1]:25: all TLSA records unusable, fallback to unauthenticated TLS"),
                warnings);
    }

    /** As in Postfix, it is the handshake that fails: nothing that the server shows is good enough. */
    @Test
    void trustsNobodyWhereRecordsForMailCannotBeUsed() {
        zone.found("_25._tcp.mx.b.test", new TlsaRecord(3, 1, 9, "ab".repeat(32)), true);
        assertEquals("DANE mx.b.test", foundOnly(SECURE));
        assertEquals(
                List.of(
                        "mx.b.test[127.0.0.1]:25: unusable TLSA RR: 3 1 9 " + "AB".repeat(32),
                        "mx.b.test[127.0.0.1]:25: all TLSA records unusable"),
                warnings);
    }

    @Test
    void followsAliasesThatAreVouchedFor() {
        HostTrust alias = new HostTrust(true, true, "real.c.test");
        zone.found("_25._tcp.mx.b.test", GOOD, true);
        assertEquals("DANE mx.b.test", found(alias));
        assertEquals(List.of("_25._tcp.real.c.test", "_25._tcp.mx.b.test"), zone.questions);
        zone.found("_25._tcp.real.c.test", GOOD, true);
        assertEquals("DANE real.c.test", found(alias));
    }

    @Test
    void staysAtAnAliasWhoseEndIsNot() {
        HostTrust alias = new HostTrust(true, false, "real.c.test");
        zone.found("_25._tcp.mx.b.test", GOOD, true);
        zone.found("_25._tcp.real.c.test", GOOD, true);
        assertEquals("MAY ", found(alias));
        zone.found("mx.b.test", "real.c.test", true);
        assertEquals("DANE mx.b.test", found(alias));
    }

    @Test
    void asksNothingAboutHostsThatNobodyVouchesFor() {
        HostTrust insecure = new HostTrust(true, false, "mx.b.test");
        zone.found("_25._tcp.mx.b.test", GOOD, true);
        assertEquals("MAY ", found(insecure));
        assertEquals("MAY ", found(HostTrust.NONE));
        assertEquals("no TLSA records found", foundOnly(insecure));
        assertEquals(List.of(), zone.questions);
        assertEquals("DANE mx.b.test", found(insecure, false, TlsLevel.DANE, true));
    }

    @Test
    void judgesHostsThatSomebodyMayHaveMadeUp() {
        zone.found("_25._tcp.mx.b.test", GOOD, true);
        assertEquals("MAY ", found(INSECURE_MX, false, TlsLevel.MAY, false));
        assertEquals("ENCRYPT ", found(INSECURE_MX, false, TlsLevel.ENCRYPT, false));
        assertEquals("DANE mx.b.test", found(INSECURE_MX, false, TlsLevel.DANE, false));
        assertEquals("non DNSSEC destination", foundOnly(INSECURE_MX));
    }
}
