// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.tls.CipherSuite;
import dev.stafette.delivery.tls.ClientTls;
import dev.stafette.delivery.tls.DaneTerms;
import dev.stafette.delivery.tls.HostRules;
import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.delivery.tls.TlsEvent;
import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.delivery.tls.TlsPolicy;
import dev.stafette.delivery.tls.TlsVersion;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.sts.PublishedPolicies;
import dev.stafette.engine.sts.StsPolicy;
import dev.stafette.engine.table.TestTables;
import dev.stafette.engine.table.types.OpenTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What main.cf and its tables demand of a next hop's servers. */
class PolicyTablesTest {
    private static final String TABLE =
            "smtp_tls_policy_maps = inline:{ {a.test = encrypt}, {.b.test = secure match=x.test:.y.test},"
                    + " {[mx.c.test]:587 = verify protocols=TLSv1.2}, {d.test = none}, {e.test = fingerprint match=AB|CD},"
                    + " {f.test = may ciphers=high exclude=AES128:kRSA servername=hostname}, {g.test = sure}, {h.test ="
                    + " may with=care} }";

    private final List<String> warnings = new ArrayList<>();
    private final List<TlsEvent> reported = new ArrayList<>();
    private StsPolicy.Mode mode = StsPolicy.Mode.ENFORCE;

    /** Of domains; a table knows a.test, too. */
    private final PublishedPolicies published = (loop, domain, then) -> then.accept(
            List.of("sts.test", "xn--bcher-kva.test", "a.test").contains(domain)
                    ? new StsPolicy(mode, List.of("mx.sts.test"), 86_400)
                    : null);

    private TlsPolicy policy(String nextHop, String... mainCf) {
        List<TlsPolicy> found = new ArrayList<>();
        tls(mainCf).policies().find(Runnable::run, nextHop, found::add);
        return found.get(0);
    }

    private ClientTls tls(String... mainCf) {
        OpenTables tables = new OpenTables(TestTables.realTimeHost());
        Settings settings = new FakeHost("mx.example.org")
                .file("/tls/ca.pem", certificate("ca.pem"))
                .file("/tls/other.pem", certificate("stranger.pem"))
                .configuration(String.join("\n", mainCf), "")
                .settings();
        return ClientTlsSection.of(settings, tables, published, reported::add, warnings::add);
    }

    private static String certificate(String name) {
        try {
            return TestCertificates.text(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String show(TlsPolicy policy) {
        String protocols =
                policy.protocols().stream().sorted().map(TlsVersion::text).collect(Collectors.joining(","));
        return policy.level() + " " + policy.matches() + " " + protocols;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.test            | ENCRYPT [] TLSv1,TLSv1.1,TLSv1.2,TLSv1.3",
                "sub.a.test        | MAY [] TLSv1,TLSv1.1,TLSv1.2,TLSv1.3",
                "b.test            | MAY [] TLSv1,TLSv1.1,TLSv1.2,TLSv1.3",
                "sub.b.test        | SECURE [x.test, .y.test] TLSv1,TLSv1.1,TLSv1.2,TLSv1.3",
                "very.sub.b.test   | SECURE [x.test, .y.test] TLSv1,TLSv1.1,TLSv1.2,TLSv1.3",
                "[mx.c.test]:587   | VERIFY [hostname] TLSv1.2",
                "[mx.c.test]       | MAY [] TLSv1,TLSv1.1,TLSv1.2,TLSv1.3",
                "d.test            | NONE [] ''",
                "e.test            | FINGERPRINT [AB, CD] TLSv1,TLSv1.1,TLSv1.2,TLSv1.3",
            })
    void areFoundByNextHop(String nextHop, String shown) {
        assertEquals(
                shown.replace("''", "").strip(),
                show(policy(nextHop, "smtp_tls_security_level = may", TABLE)).strip());
    }

    @Test
    void haveListsOfTheirOwn() {
        TlsPolicy policy = policy("f.test", TABLE);
        assertEquals(
                "",
                policy.ciphers().suites().stream()
                        .map(CipherSuite::openSslName)
                        .filter(name -> name.contains("AES128") || !name.startsWith("ECDHE"))
                        .collect(Collectors.joining(" ")));
        assertEquals("hostname", policy.serverName());
    }

    private static String openSslNames(TlsPolicy policy) {
        return policy.ciphers().suites().stream().map(CipherSuite::openSslName).collect(Collectors.joining(" "));
    }

    /** What is mandatory is so where TLS is. */
    @Test
    void goByMainCfWhereNoTableNamesTheNextHop() {
        String[] mainCf = {
            "smtp_tls_protocols = >=TLSv1.3",
            "smtp_tls_mandatory_protocols = TLSv1.2",
            "smtp_tls_ciphers = high",
            "smtp_tls_exclude_ciphers = AES256",
            "smtp_tls_mandatory_ciphers = high",
        };
        String usual = openSslNames(policy("x.test", "smtp_tls_security_level = may"));
        List<String> may = new ArrayList<>(List.of(mainCf));
        may.add("smtp_tls_security_level = may");
        List<String> encrypt = new ArrayList<>(List.of(mainCf));
        encrypt.add("smtp_tls_security_level = encrypt");
        TlsPolicy free = policy("x.test", may.toArray(String[]::new));
        TlsPolicy mandatory = policy("x.test", encrypt.toArray(String[]::new));
        assertEquals("MAY [] TLSv1.3", show(free));
        assertEquals("ENCRYPT [] TLSv1.2", show(mandatory));
        assertTrue(usual.contains("AES256"), usual);
        assertTrue(!openSslNames(free).contains("AES256"), openSslNames(free));
        assertTrue(!openSslNames(mandatory).contains("AES256"), openSslNames(mandatory));
    }

    @Test
    void noteOffersWhereThereIsNoTls() {
        assertTrue(tls("smtp_tls_note_starttls_offer = yes").notesOffers());
        assertTrue(!tls().notesOffers());
    }

    @Test
    void readTheClientsOwnKey() {
        String level = "smtp_tls_security_level = may";
        for (String name : List.of("smtp_tls_cert_file", "smtp_tls_key_file")) {
            ConfigException refused = assertThrows(
                    ConfigException.class,
                    () -> tls(level, "smtp_tls_cert_file = /tls/ca.pem", name + " = /nowhere/" + name));
            assertTrue(String.valueOf(refused.getMessage()).contains("/nowhere/" + name), refused.getMessage());
        }
    }

    @Test
    void gradesCiphersAsMainCfSays() {
        String level = "smtp_tls_security_level = may";
        String high = "tls_high_cipherlist = ECDHE-RSA-AES128-GCM-SHA256";
        assertTrue(openSslNames(policy("x.test", level, high, "smtp_tls_ciphers = high"))
                .contains("ECDHE-RSA-AES128-GCM"));
        assertTrue(!openSslNames(policy("x.test", level, high, "smtp_tls_ciphers = high"))
                .contains("CHACHA20-POLY1305 "));
        String required = "smtp_tls_security_level = encrypt";
        assertEquals(
                openSslNames(policy("x.test", level, high, "smtp_tls_ciphers = high")),
                openSslNames(policy("x.test", required, high, "smtp_tls_mandatory_ciphers = high")));
    }

    @Test
    void deferWhereTheyCannotBeRead() {
        assertEquals("client TLS configuration problem", policy("g.test", TABLE).fault());
        assertEquals("client TLS configuration problem", policy("h.test", TABLE).fault());
        assertEquals(
                List.of(
                        "smtp_tls_policy_maps, next-hop destination \"g.test\": invalid security level \"sure\"",
                        "smtp_tls_policy_maps, next-hop destination \"h.test\": invalid attribute \"with=care\""),
                warnings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtp_use_tls = yes               | MAY []",
                "smtp_enforce_tls = yes           | VERIFY [hostname]",
                "smtp_tls_security_level = secure | SECURE [b.test, .b.test]",
                "smtp_tls_security_level = Verify | VERIFY [hostname]",
                "smtp_tls_security_level =        | NONE []",
                "smtp_tls_security_level = dane   | MAY []",
            })
    void areThoseOfMainCfElse(String line, String shown) {
        String policy = show(policy("b.test", line));
        assertEquals(shown, policy.substring(0, policy.indexOf(']') + 1));
    }

    @Test
    void lookForRecordsOfServers() {
        String table = "smtp_tls_policy_maps = inline:{ {a.test = dane-only protocols=TLSv1.3}, {b.test = dane} }";
        String[] mainCf = {"smtp_dns_support_level = dnssec", "smtp_tls_security_level = dane", table};
        HostRules listed = Objects.requireNonNull(policy("a.test", mainCf).rules());
        assertTrue(listed.dane().isOnly());
        assertEquals("ENCRYPT [] TLSv1.3", show(listed.mandatory()));
        HostRules usual = Objects.requireNonNull(policy("[c.test]:26", mainCf).rules());
        assertEquals(new DaneTerms(false, TlsLevel.DANE, List.of(2, 1), false), usual.dane());
        assertEquals("MAY [] TLSv1,TLSv1.1,TLSv1.2,TLSv1.3", show(usual.otherwise()));
        assertEquals("c.test", usual.nextHop());
        // By tables alone it is another default.
        mainCf[1] = "smtp_tls_security_level = may";
        assertEquals(
                TlsLevel.MAY,
                Objects.requireNonNull(policy("b.test", mainCf).rules()).dane().insecureMx());
        assertEquals(List.of(), warnings);
    }

    @Test
    void sendNothingWithoutRecordsThatCannotBeHad() {
        assertEquals(
                "client TLS configuration problem",
                policy("b.test", "smtp_tls_security_level = dane-only").fault());
        assertEquals(
                "client TLS configuration problem",
                policy(
                                "b.test",
                                "smtp_tls_security_level = dane-only",
                                "smtp_dns_support_level = dnssec",
                                "ignore_mx_lookup_error = yes")
                        .fault());
        assertEquals(
                List.of(
                        "smtp_tls_security_level = dane-only configured with dnssec lookups disabled; no mail is sent",
                        "smtp_tls_security_level = dane-only configured with MX lookup errors ignored; no mail is"
                                + " sent"),
                warnings);
    }

    @Test
    void areWhatADomainPublishes() {
        String on = "tls_mta_sts_enable = yes";
        TlsPolicy enforced = policy("STS.test", on, "smtp_tls_security_level = may");
        assertEquals(TlsLevel.STS, enforced.level());
        HostRules rules = Objects.requireNonNull(enforced.rules());
        assertEquals(List.of("mx.sts.test"), rules.mx());
        assertNull(rules.dane());
        assertEquals(TlsLevel.STS, rules.withoutRecords("mx.sts.test").level());
        String[] dane = {on, "smtp_tls_security_level = dane", "smtp_dns_support_level = dnssec"};
        assertEquals(
                List.of("mx.sts.test"),
                Objects.requireNonNull(policy("sts.test", dane).rules()).mx());
        assertNotNull(Objects.requireNonNull(policy("sts.test", dane).rules()).dane());
        mode = StsPolicy.Mode.TESTING;
        assertEquals(
                TlsLevel.MAY,
                policy("sts.test", on, "smtp_tls_security_level = may").level());
    }

    /** Certificates and policies have names as the DNS has them. */
    @Test
    void knowDomainsByTheirNamesInAscii() {
        String hop = "B\u00fccher.test";
        assertEquals(
                List.of("xn--bcher-kva.test", ".xn--bcher-kva.test"),
                policy(hop, "smtp_tls_security_level = secure").matches());
        String[] on = {"tls_mta_sts_enable = yes", "smtp_tls_security_level = may", "smtp_tlsrpt_enable = yes"};
        TlsPolicy published = policy(hop, on);
        assertEquals(TlsLevel.STS, published.level());
        assertEquals(
                "xn--bcher-kva.test", Objects.requireNonNull(published.rules()).nextHop());
        assertEquals(
                ReportedPolicy.none("xn--zrich-kva.test"),
                policy("z\u00fcrich.test", on).reported());
    }

    @Test
    void areReportedAsADomainPublishesThem() {
        String[] on = {"tls_mta_sts_enable = yes", "smtp_tls_security_level = may", "smtp_tlsrpt_enable = yes", TABLE};
        ReportedPolicy sts = Objects.requireNonNull(
                Objects.requireNonNull(policy("STS.test", on).rules()).reported());
        assertEquals(
                "STS sts.test [mx.sts.test] false",
                sts.type() + " " + sts.domain() + " " + sts.mx() + " " + sts.isTested());
        assertEquals(List.of("version: STSv1", "mode: enforce", "max_age: 86400", "mx: mx.sts.test"), sts.text());
        mode = StsPolicy.Mode.TESTING;
        assertTrue(Objects.requireNonNull(policy("sts.test", on).reported()).isTested());
        assertEquals(ReportedPolicy.none("x.test"), policy("X.test", on).reported());
        for (String local : List.of("a.test", "[x.test]", "x.test:26", "[192.0.2.1]")) {
            assertNull(policy(local, on).reported(), local);
        }
        assertNull(policy("x.test", "smtp_tls_security_level = may").reported(), "off");
        assertNull(tls("smtp_tls_security_level = may").reports(), "off");
        assertNull(policy("x.test", "smtp_tls_security_level = encrypt", "smtp_tlsrpt_enable = yes")
                .reported());
    }

    /** The line is Postfix's own example of what a plugin says. */
    @Test
    void areForTheServersThatAPluginNames() {
        String line = "smtp_tls_policy_maps = static:{secure match=example.com:.example.com servername=hostname"
                + " policy_ttl=123 policy_type=sts {policy_string = version: STSv1} policy_string=two"
                + " policy_domain=example.com mx_host_pattern=example.com mx_host_pattern=*.example.com}";
        TlsPolicy policy = policy("example.com", line, "smtp_tlsrpt_enable = yes");
        HostRules rules = Objects.requireNonNull(policy.rules());
        for (String allowed : List.of("example.com", "mail.Example.com")) {
            TlsPolicy own = rules.withoutRecords(allowed);
            assertEquals("SECURE [hostname] TLSv1,TLSv1.1,TLSv1.2,TLSv1.3", show(own));
            assertNull(own.fault());
            assertEquals(
                    List.of("version: STSv1", "two"),
                    Objects.requireNonNull(own.reported()).text());
        }
        for (String other : List.of(".example.com", "foo.bar.example.com", "example.org")) {
            assertEquals(
                    "MTA-STS policy of example.com does not allow host " + other,
                    rules.withoutRecords(other).fault());
        }
        TlsPolicy historical = policy("example.com", line, "smtp_tls_enforce_sts_mx_patterns = no");
        assertNull(historical.rules());
        assertEquals(List.of("example.com", ".example.com"), historical.matches());
        assertEquals(List.of(), warnings);
        for (String wrong : List.of("policy_type=dane", "policy_ttl=x", "policy_failure=x", "{policy_type = dane}")) {
            assertNotNull(
                    policy("example.com", "smtp_tls_policy_maps = inline:{{example.com = may " + wrong + "}}")
                            .fault(),
                    wrong);
        }
    }

    @Test
    void areWhatTheOperatorSaysBefore() {
        String on = "tls_mta_sts_enable = yes";
        assertEquals(
                TlsLevel.MAY,
                policy("sts.test", "smtp_tls_security_level = may").level(),
                "off");
        assertEquals(
                TlsLevel.ENCRYPT,
                policy("a.test", on, "smtp_tls_security_level = may", TABLE).level());
        assertEquals(
                TlsLevel.ENCRYPT,
                policy("sts.test", on, "smtp_tls_security_level = encrypt").level());
        assertEquals(TlsLevel.NONE, policy("sts.test", on, "smtp_use_tls = no").level());
        for (String host : List.of("[sts.test]", "sts.test:26")) {
            assertEquals(
                    TlsLevel.MAY,
                    policy(host, on, "smtp_tls_security_level = may").level(),
                    host);
        }
    }

    @Test
    void sayAtStartWhatIsNotSo() {
        tls("smtp_tls_security_level = dane");
        assertEquals(
                List.of("smtp_tls_security_level = dane configured with dnssec lookups disabled; taken for \"may\""),
                warnings);
        assertThrows(ConfigException.class, () -> tls("smtp_tls_security_level = sure"));
        assertThrows(ConfigException.class, () -> tls("smtp_tls_security_level = may", "smtp_tls_wrappermode = yes"));
        assertThrows(
                ConfigException.class, () -> tls("smtp_tls_security_level = may", "smtp_tls_CAfile = /nowhere/ca.pem"));
    }

    /** {@code TLS-Required: No} is about what domains publish, and not about what main.cf demands. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smtp_tls_security_level = may      | sts.test | STS       | MAY",
                "smtp_tls_security_level = dane     | b.test   | DANE      | MAY",
                "smtp_tls_security_level = dane-only| b.test   | DANE_ONLY | MAY",
                "smtp_tls_security_level = encrypt  | sts.test | ENCRYPT   | ENCRYPT",
                "smtp_tls_security_level = secure   | sts.test | SECURE    | SECURE",
                "smtp_tls_policy_maps = inline:{ {c.test = secure match=x.test policy_type=sts"
                        + " mx_host_pattern=mx.c.test} } | c.test | SECURE | MAY",
                "smtp_tls_policy_maps = inline:{ {c.test = secure match=x.test} } | c.test | SECURE | SECURE",
            })
    void letSendersWaiveWhatDomainsPublish(String line, String nextHop, TlsLevel level, TlsLevel waived) {
        TlsPolicy policy = policy(nextHop, line, "smtp_dns_support_level = dnssec", "tls_mta_sts_enable = yes");
        assertEquals(level, policy.level());
        assertEquals(waived, policy.waived().level());
        assertNull(policy.waived().rules());
    }

    @Test
    void nameWhoMayVouchForServers() {
        String[] mainCf = {
            "smtp_tls_security_level = encrypt",
            "smtp_tls_trust_anchor_file = /tls/ca.pem",
            "smtp_tls_policy_maps = inline:{ {a.test = secure}, {b.test = verify tafile=/tls/other.pem"
                    + " tafile=/tls/ca.pem}, {c.test = secure tafile=/tls/none.pem}, {d.test = encrypt tafile=/tls/ca.pem}"
                    + " }"
        };
        assertTrue(policy("x.test", mainCf).associations().isEmpty());
        assertEquals(1, policy("a.test", mainCf).associations().records().size());
        assertEquals(2, policy("b.test", mainCf).associations().records().size());
        assertEquals(
                "client TLS configuration problem", policy("c.test", mainCf).fault());
        assertEquals(
                "client TLS configuration problem", policy("d.test", mainCf).fault());
        assertEquals(
                List.of(
                        "smtp_tls_policy_maps, next-hop destination \"c.test\": tafile: /tls/none.pem: no such file",
                        "smtp_tls_policy_maps, next-hop destination \"d.test\": attribute \"tafile\" invalid at"
                                + " security level \"encrypt\""),
                warnings);
        ConfigException refused = assertThrows(
                ConfigException.class,
                () -> tls("smtp_tls_security_level = verify", "smtp_tls_trust_anchor_file = /tls/none.pem"));
        assertEquals("parameter 'smtp_tls_trust_anchor_file': /tls/none.pem: no such file", refused.getMessage());
    }
}
