// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.tls.ClientTls;
import dev.stafette.delivery.tls.TlsPolicy;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.sts.PublishedPolicies;
import dev.stafette.engine.sts.StsPolicy;
import dev.stafette.engine.table.TestTables;
import dev.stafette.engine.table.types.OpenTables;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code smtp_tls_per_site} demands of a server: the columns are what Postfix's smtp_tls_policy.c makes of the same. */
class SiteTablesTest {
    private static final String TABLE = "smtp_tls_per_site = inline:{ {none.test = NONE}, {may.test = may},"
            + " {nopeer.test = Must_NoPeerMatch}, {must.test = MUST}, {odd.test = encrypt}, {[must.test]:26 = NONE} }";

    private final List<String> warnings = new ArrayList<>();

    private final PublishedPolicies published =
            (loop, domain, then) -> then.accept(new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mx.sts.test"), 86_400));

    private ClientTls tls(String... mainCf) {
        OpenTables tables = new OpenTables(TestTables.realTimeHost());
        Settings settings = new FakeHost("mx.example.org")
                .configuration(String.join("\n", mainCf), "")
                .settings();
        return ClientTlsSection.of(settings, tables, published, event -> {}, warnings::add);
    }

    private static TlsPolicy of(ClientTls tls, String nextHop, String host) {
        List<TlsPolicy> found = new ArrayList<>();
        tls.policies().findOfHost(Runnable::run, nextHop, host, found::add);
        return found.get(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // next hop | host | with level none, may, encrypt, verify, secure
                "x.test      | x.test      | NONE    MAY     ENCRYPT VERIFY  SECURE",
                "none.test   | x.test      | NONE    NONE    NONE    NONE    NONE",
                "x.test      | none.test   | NONE    NONE    NONE    NONE    NONE",
                "may.test    | x.test      | MAY     MAY     ENCRYPT VERIFY  SECURE",
                "x.test      | MAY.test    | MAY     MAY     ENCRYPT VERIFY  SECURE",
                "nopeer.test | x.test      | ENCRYPT ENCRYPT ENCRYPT ENCRYPT ENCRYPT",
                "must.test   | x.test      | VERIFY  VERIFY  VERIFY  VERIFY  VERIFY",
                "none.test   | may.test    | NONE    NONE    NONE    NONE    NONE",
                "may.test    | none.test   | NONE    NONE    NONE    NONE    NONE",
                "none.test   | nopeer.test | ENCRYPT ENCRYPT ENCRYPT ENCRYPT ENCRYPT",
                "nopeer.test | none.test   | ENCRYPT ENCRYPT ENCRYPT ENCRYPT ENCRYPT",
                "must.test   | none.test   | VERIFY  VERIFY  VERIFY  VERIFY  VERIFY",
                "none.test   | must.test   | VERIFY  VERIFY  VERIFY  VERIFY  VERIFY",
                "must.test   | nopeer.test | VERIFY  VERIFY  VERIFY  VERIFY  VERIFY",
                "nopeer.test | must.test   | VERIFY  VERIFY  VERIFY  VERIFY  VERIFY",
                "may.test    | nopeer.test | ENCRYPT ENCRYPT ENCRYPT ENCRYPT ENCRYPT",
                "must.test   | MUST.test   | VERIFY  VERIFY  VERIFY  VERIFY  VERIFY",
                // There are no keys but the whole ones.
                "[must.test]:26 | x.test   | NONE    NONE    NONE    NONE    NONE",
                "[must.test] | x.test      | NONE    MAY     ENCRYPT VERIFY  SECURE",
                "a.must.test | x.test      | NONE    MAY     ENCRYPT VERIFY  SECURE",
            })
    void putsNextHopAndHostTogether(String nextHop, String host, String levels) {
        List<String> found = new ArrayList<>();
        for (String level : List.of("none", "may", "encrypt", "verify", "secure")) {
            ClientTls tls = tls("smtp_tls_security_level = " + level, TABLE);
            assertTrue(tls.policies().areByHost());
            found.add(of(tls, nextHop, host).level().name());
        }
        assertEquals(levels.replaceAll(" +", " "), String.join(" ", found));
        assertEquals(List.of(), warnings);
    }

    /** MUST is verify, with all that main.cf says of that. */
    @Test
    void demandsWhatMainCfSaysOfTheLevel() {
        TlsPolicy policy = of(tls(TABLE, "smtp_tls_mandatory_protocols = TLSv1.3"), "must.test", "mx.test");
        assertEquals(List.of("hostname"), policy.matches());
        assertEquals(1, policy.protocols().size());
    }

    @Test
    void defersWhatItCannotTell() {
        ClientTls tls = tls(TABLE);
        assertEquals(
                "client TLS configuration problem",
                of(tls, "odd.test", "x.test").fault());
        assertEquals(
                "client TLS configuration problem",
                of(tls, "x.test", "odd.test").fault());
        assertEquals(
                List.of(
                        "smtp_tls_per_site: unknown TLS policy 'encrypt' for next-hop destination odd.test",
                        "smtp_tls_per_site: unknown TLS policy 'encrypt' for server hostname odd.test"),
                warnings);
        warnings.clear();
        ClientTls broken = tls("smtp_tls_per_site = fail:that");
        assertEquals("Temporary lookup error", of(broken, "a.test", "b.test").fault());
        assertEquals(
                List.of("smtp_tls_per_site: next-hop destination \"a.test\": per-site table lookup error"), warnings);
    }

    @Test
    void stepsBackBehindPolicyMaps() {
        ClientTls tls = tls(TABLE, "smtp_tls_policy_maps = inline:{ {must.test = may} }");
        assertFalse(tls.policies().areByHost());
        assertEquals("MAY", of(tls, "must.test", "must.test").level().name());
        assertEquals(List.of("smtp_tls_per_site ignored when smtp_tls_policy_maps is not empty."), warnings);
    }

    /** What a domain publishes counts where the operator has said nothing. */
    @Test
    void leavesOthersToWhatTheyPublish() {
        ClientTls tls = tls(TABLE, "tls_mta_sts_enable = yes", "smtp_tls_security_level = may");
        assertNotNull(of(tls, "sts.test", "mx.sts.test").rules());
        assertEquals("STS", of(tls, "sts.test", "mx.sts.test").level().name());
        assertEquals("MAY", of(tls, "may.test", "mx.sts.test").level().name());
        assertEquals("NONE", of(tls, "sts.test", "none.test").level().name());
    }
}
