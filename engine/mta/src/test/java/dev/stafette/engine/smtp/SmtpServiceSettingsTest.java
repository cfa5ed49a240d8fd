// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a row of master.cf may have, and what holds when that is used up. */
class SmtpServiceSettingsTest {
    private static final long GIGABYTE = 1 << 30;

    private static SmtpServiceSettings service(String row, String... mainCfLines) {
        return TestHost.service(row, List.of(mainCfLines), TestHost.ROOM);
    }

    private static SessionCap cap(ProcessRoom room, String maxproc, String... mainCfLines) {
        return TestHost.service("smtp inet n - n - " + maxproc + " smtpd", List.of(mainCfLines), room)
                .cap();
    }

    @Test
    void hasPostfixDefaultsUnderStress() {
        SmtpServiceSettings settings = service("smtp inet n - n - 100 smtpd");
        SessionLimits calm = settings.calm().limits();
        SessionLimits stressed = settings.stressed().limits();
        assertTrue(settings.knowsStress());
        assertEquals(Duration.ofSeconds(300), calm.timeout());
        assertEquals(Duration.ofSeconds(10), stressed.timeout());
        assertFalse(calm.deadlinePerRequest());
        assertTrue(stressed.deadlinePerRequest());
        assertEquals(20, calm.hardErrorCount());
        assertEquals(1, stressed.hardErrorCount());
        assertEquals(100, calm.junkCommandCount());
        assertEquals(1, stressed.junkCommandCount());
        assertEquals(Duration.ofSeconds(1000), settings.stressHold());
    }

    @Test
    void hasItsOwnWordsForStressInMainCfAndInTheRow() {
        SmtpServiceSettings settings = service(
                "smtp inet n - n - 100 smtpd -o { smtpd_timeout = ${stress?{5}:{60}}s }"
                        + " -o smtpd_recipient_limit=${stress?7}${stress:$many}",
                "many = 70",
                "smtpd_banner = $myhostname ESMTP${stress? in a hurry}",
                "smtpd_client_connection_count_limit = ${{$stress} == {yes} ? {3} : {30}}");
        assertEquals(Duration.ofSeconds(60), settings.calm().limits().timeout());
        assertEquals(Duration.ofSeconds(5), settings.stressed().limits().timeout());
        assertEquals(70, settings.calm().limits().recipientCount());
        assertEquals(7, settings.stressed().limits().recipientCount());
        assertEquals("mx.b.test ESMTP", settings.calm().banner());
        assertEquals("mx.b.test ESMTP in a hurry", settings.stressed().banner());
        assertEquals(30, settings.calm().limits().sessionsPerClient());
        assertEquals(3, settings.stressed().limits().sessionsPerClient());
    }

    @Test
    void isForcedByTheRow() {
        SmtpServiceSettings always = service("smtp inet n - n - 100 smtpd -o stress=yes");
        assertEquals(Duration.ofSeconds(10), always.calm().limits().timeout());
        assertEquals(Duration.ofSeconds(10), always.stressed().limits().timeout());
        SmtpServiceSettings never = service("smtp inet n - n - 100 smtpd -o stress=");
        assertEquals(Duration.ofSeconds(300), never.calm().limits().timeout());
        assertEquals(Duration.ofSeconds(300), never.stressed().limits().timeout());
    }

    /** Postfix's master says {@code -o stress=} to every service that knows stress, which is stronger than main.cf. */
    @Test
    void isNotForcedByMainCf() {
        SmtpServiceSettings settings = service("smtp inet n - n - 100 smtpd", "stress = yes");
        assertEquals(Duration.ofSeconds(300), settings.calm().limits().timeout());
        SmtpServiceSettings local = service("127.0.0.1:10025 inet n - n - 100 smtpd", "stress = yes");
        assertEquals(Duration.ofSeconds(10), local.calm().limits().timeout());
    }

    @Test
    void isUnknownToServicesOfThisMachineAndOfOneSession() {
        for (String row : List.of("127.0.0.1:10025 inet n - n - 100 smtpd", "smtp inet n - n - 1 smtpd")) {
            SmtpServiceSettings settings = service(row);
            assertFalse(settings.knowsStress(), row);
            assertSame(settings.calm(), settings.stressed(), row);
        }
        assertFalse(service("smtp inet n - n - - smtpd", "inet_interfaces = loopback-only")
                .knowsStress());
        assertTrue(service("192.0.2.1:25 inet n - n - - smtpd").knowsStress());
    }

    @Test
    void keepsANumberAsItIs() {
        ProcessRoom small = new ProcessRoom(1024, GIGABYTE, 3);
        assertEquals(new SessionCap(30_000, 30_000, "maxproc in master.cf"), cap(small, "30000"));
        assertEquals(new SessionCap(100, 100, "default_process_limit"), cap(small, "-", "default_process_limit = 100"));
        assertEquals(7, cap(small, "7", "default_process_limit = 100").sessionsMax());
    }

    @Test
    void hasWhatFitsWithoutANumber() {
        assertEquals(20_000, cap(new ProcessRoom(1 << 20, GIGABYTE, 1), "-").sessionsMax());
        assertEquals(15_000, cap(new ProcessRoom(1 << 20, GIGABYTE, 1), "-").stressFrom());
        assertEquals(
                50_000,
                cap(new ProcessRoom(1 << 20, GIGABYTE, 1), "-", "default_session_limit = 50000")
                        .sessionsMax());
        // Half of the descriptors, or half of the heap at 5 KB, in equal parts.
        assertEquals(512, cap(new ProcessRoom(1024, GIGABYTE, 1), "-").sessionsMax());
        assertEquals(170, cap(new ProcessRoom(1024, GIGABYTE, 3), "-").sessionsMax());
        assertEquals(13_107, cap(new ProcessRoom(1 << 20, GIGABYTE / 4, 2), "-").sessionsMax());
        assertEquals(1, cap(new ProcessRoom(1, 1, 9), "-").sessionsMax());
    }

    @Test
    void takesNoLimitForWhatFits() {
        assertEquals(512, cap(new ProcessRoom(1024, GIGABYTE, 1), "0").sessionsMax());
        assertEquals(
                512,
                cap(new ProcessRoom(1024, GIGABYTE, 1), "0", "default_process_limit = 100")
                        .sessionsMax());
    }

    @Test
    void knowsWhatThisProcessHas() {
        ProcessRoom room = ProcessRoom.ofThisProcess(1);
        assertTrue(room.openFiles() >= 64, room.toString());
        assertTrue(room.heapBytes() >= 1 << 20, room.toString());
        assertTrue(room.sessionsMax() < room.openFiles(), room.toString());
    }

    /** As the process that counts is another one in Postfix. */
    @Test
    void countsClientsAsTheRowOfAnvilSays() {
        SmtpServerSettings settings = TestHost.service(
                        "smtp inet n - n - - smtpd -o anvil_rate_time_unit=5s\n"
                                + "anvil unix - - n - 1 anvil -o anvil_rate_time_unit=10s -o anvil_status_update_time=20s",
                        List.of(),
                        TestHost.ROOM)
                .calm();
        assertEquals(Duration.ofSeconds(10), settings.limits().rates().unit());
        assertEquals(Duration.ofSeconds(20), settings.limits().rates().statusInterval());
    }

    /** The name of before 2.3. */
    @Test
    void offersTlsWhereItsOldNameSaysSo() {
        assertTrue(TestHost.service(List.of("smtpd_use_tls = yes")).calm().tls().isOffered());
        assertFalse(TestHost.service(List.of("smtpd_use_tls = yes", "smtpd_tls_security_level = none"))
                .calm()
                .tls()
                .isOffered());
        assertFalse(TestHost.service(List.of()).calm().tls().isOffered());
    }
}
