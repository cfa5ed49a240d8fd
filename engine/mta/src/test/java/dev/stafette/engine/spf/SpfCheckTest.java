// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.spf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.spf.SpfResult;
import dev.stafette.engine.names.FakeZone;
import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import io.netty.util.NetUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the public suite leaves out: many questions, answers that come later, and domains that want to hurt. */
class SpfCheckTest {
    private final FakeZone zone = new FakeZone();

    private SpfCheck check() {
        return new SpfCheck(new NameQuestions(zone, HostsFile.of(List.of())), "us.test", () -> 1_000);
    }

    private static SpfIdentity from(String domain) {
        return SpfIdentity.of(
                NetUtil.createInetAddressFromIpAddressString("192.0.2.7"), "helo.test", MailAddress.of("s", domain));
    }

    private SpfResult result(String domain) {
        return check().check(from(domain), Inquiry.BLOCKING).result();
    }

    @Test
    void asksForTheNameOfTheClientWhereThereIsNoSender() {
        zone.text("helo.test", "v=spf1 ip4:192.0.2.7 -all");

        SpfAnswer answer = check().check(
                        SpfIdentity.of(
                                NetUtil.createInetAddressFromIpAddressString("192.0.2.7"),
                                "helo.test",
                                MailAddress.NULL),
                        Inquiry.BLOCKING);

        assertEquals(SpfResult.PASS, answer.result());
        assertEquals("helo.test", answer.domain());
    }

    @Test
    void waitsForAnswersAndAsksForNothingTwice() {
        zone.text("a.test", "v=spf1 mx include:b.test -all")
                .mx("a.test", 10, "mx1.a.test")
                .mx("a.test", 20, "mx2.a.test")
                .address("mx1.a.test", "192.0.2.1")
                .address("mx2.a.test", "192.0.2.2")
                .text("b.test", "v=spf1 a:c.test -all")
                .address("c.test", "192.0.2.7")
                .late();
        SpfCheck check = check();
        List<SpfAnswer> answers = new ArrayList<>();
        new Inquirer(Runnable::run, () -> 0)
                .ask(inquiry -> check.check(from("a.test"), inquiry), answers::add, mistake -> {
                    throw mistake;
                });
        int rounds = 0;
        while (answers.isEmpty()) {
            rounds++;
            List<Runnable> owed = new ArrayList<>(zone.owed);
            zone.owed.clear();
            owed.forEach(Runnable::run);
        }

        assertEquals(SpfResult.PASS, answers.get(0).result());
        // Both mail servers' addresses come in one round.
        assertEquals(5, rounds);
        assertEquals(List.of("a.test", "a.test", "mx1.a.test", "mx2.a.test", "b.test", "c.test"), zone.asked);
    }

    @Test
    void endsLoopsAndBombsAfterTenTerms() {
        zone.text("loop.test", "v=spf1 include:loop.test -all");
        for (int i = 0; i < 3; i++) {
            // Each level asks for three others.
            zone.text("l" + i + ".test", ("v=spf1" + (" include:l" + (i + 1) + ".test").repeat(3) + " ?all"));
        }
        zone.text("l3.test", "v=spf1 ?all");
        zone.text("redirect.test", "v=spf1 redirect=redirect.test");

        assertEquals(SpfResult.PERMERROR, result("loop.test"));
        assertEquals(SpfResult.PERMERROR, result("l0.test"));
        assertEquals(SpfResult.PERMERROR, result("redirect.test"));
        assertTrue(zone.asked.size() <= 4 * 11, zone.asked.toString());
    }

    @Test
    void asksForTwoNamesThatAreNotThereAndNotForAThird() {
        zone.text("two.test", "v=spf1 a:x1.test mx:x2.test ~all");
        zone.text("three.test", "v=spf1 a:x1.test exists:x2.test mx:x3.test ~all");

        assertEquals(SpfResult.SOFTFAIL, result("two.test"));
        assertEquals(SpfResult.PERMERROR, result("three.test"));
    }

    @Test
    void asksForNoMoreThanTenHostsOfATerm() {
        zone.text("p.test", "v=spf1 ptr -all");
        for (int i = 0; i < 1000; i++) {
            zone.pointer("7.2.0.192.in-addr.arpa", "h" + i + ".p.test");
        }
        zone.text("m.test", "v=spf1 mx -all");
        for (int i = 0; i < 11; i++) {
            zone.mx("m.test", i, "mx" + i + ".m.test");
        }

        assertEquals(SpfResult.FAIL, result("p.test"));
        assertTrue(zone.asked.size() < 30, zone.asked.size() + " questions");
        assertEquals(SpfResult.PERMERROR, result("m.test"));
    }

    @Test
    void takesNoHarmFromLongRecordsAndNames() {
        String label = "x".repeat(63);
        zone.text("long.test", "v=spf1 " + "ip4:192.0.2.1 ".repeat(4000) + "exists:%{l}." + label + ".test -all");
        zone.text("zero.test", "v=spf1 include:%{d0} -all");
        zone.text("open.test", "v=spf1 include:%{d -all");
        zone.text("digits.test", "v=spf1 exists:%{d99999999999999999999r}.x.test ~all");

        SpfIdentity longSender = SpfIdentity.of(
                NetUtil.createInetAddressFromIpAddressString("192.0.2.7"),
                "helo.test",
                MailAddress.of("y.".repeat(400) + "y", "long.test"));
        assertEquals(SpfResult.FAIL, check().check(longSender, Inquiry.BLOCKING).result());
        assertEquals(SpfResult.PERMERROR, result("zero.test"));
        assertEquals(SpfResult.PERMERROR, result("open.test"));
        assertEquals(SpfResult.SOFTFAIL, result("digits.test"));
    }

    @Test
    void isUndecidedWhereTheDnsHasNoAnswer() {
        zone.fail("down.test");
        zone.text("asks.test", "v=spf1 include:down.test -all");

        assertEquals(SpfResult.TEMPERROR, result("down.test"));
        assertEquals(SpfResult.TEMPERROR, result("asks.test"));
    }
}
