// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.tls.TlsEvent;
import dev.stafette.delivery.tls.TlsFailure;
import dev.stafette.engine.names.FakeZone;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StsPoliciesTest {
    private static final String ENFORCE = "version: STSv1\nmode: enforce\nmx: mx.b.test\nmax_age: 604800\n";
    private static final long DAY_MS = 86_400_000;

    @TempDir
    private Path directory;

    private final List<String> warnings = new ArrayList<>();
    private final List<String> fetched = new ArrayList<>();
    private final Queue<Consumer<String>> answers = new ArrayDeque<>();
    private final Queue<BiConsumer<TlsFailure, String>> failures = new ArrayDeque<>();
    private final List<TlsEvent> reported = new ArrayList<>();
    private FakeZone zone = new FakeZone();
    private long nowMs = 1_000_000_000_000L;
    private StsPolicies policies;

    private StsPolicies open() throws Exception {
        StsFile file = new StsFile(directory.resolve("deep/cache"));
        policies = new StsPolicies(
                zone,
                (domain, text, failure) -> {
                    fetched.add(domain);
                    answers.add(text);
                    failures.add(failure);
                },
                file,
                Runnable::run,
                reported::add,
                () -> nowMs,
                warnings::add);
        policies.add(file.open(nowMs));
        return policies;
    }

    /** What the one who asks hears: {@code waits}, {@code none}, or a mode. */
    private List<String> ask(String domain) {
        List<String> heard = new ArrayList<>();
        policies.find(Runnable::run, domain, policy -> heard.add(policy == null ? "none" : policy.mode() + ""));
        return heard;
    }

    private void publish(String id) {
        zone = new FakeZone().text("_mta-sts.b.test", "v=STSv1; id=" + id + ";");
    }

    private void answer(String text) {
        failures.remove();
        answers.remove().accept(text);
    }

    private void fail(String why) {
        answers.remove();
        failures.remove().accept(TlsFailure.STS_POLICY_FETCH_ERROR, why);
    }

    @Test
    void knowsNothingOfADomainWithoutARecord() throws Exception {
        open();
        assertEquals(List.of("none"), ask("b.test"));
        assertEquals(List.of(), fetched);
    }

    @Test
    void fetchesAPolicyOnceForAllThatWait() throws Exception {
        publish("1");
        open();
        List<String> one = ask("b.test");
        List<String> other = ask("b.test");
        assertEquals(List.of(), one);
        answer(ENFORCE);
        assertEquals(List.of("ENFORCE"), one);
        assertEquals(List.of("ENFORCE"), other);
        assertEquals(List.of("ENFORCE"), ask("b.test"));
        assertEquals(List.of("b.test"), fetched);
    }

    @Test
    void reportsWhatCannotBeHad() throws Exception {
        publish("1");
        open();
        ask("b.test");
        fail("HTTP status 404");
        nowMs += 301_000;
        ask("b.test");
        answer("version: STSv1\n");
        assertEquals(
                List.of("b.test sts-policy-fetch-error HTTP status 404", "b.test sts-policy-invalid mode: ''"),
                reported.stream()
                        .map(event -> event.policy().domain() + " "
                                + event.failure().word() + " " + event.reason().replaceFirst(" \\(.*", ""))
                        .toList());
    }

    @Test
    void outlivesTheProcess() throws Exception {
        publish("1");
        open();
        ask("b.test");
        answer(ENFORCE);
        Files.writeString(directory.resolve("deep/cache"), "half a li", StandardOpenOption.APPEND);
        open();
        assertEquals(List.of("ENFORCE"), ask("b.test"));
        assertEquals(List.of("b.test"), fetched);
        assertEquals(1, Files.readAllLines(directory.resolve("deep/cache")).size());
        nowMs += 7 * DAY_MS;
        open();
        assertEquals(List.of(), ask("b.test"), "it waits for a new one");
    }

    @Test
    void followsTheRecord() throws Exception {
        publish("1");
        open();
        ask("b.test");
        answer(ENFORCE);
        publish("2");
        open();
        assertEquals(List.of("ENFORCE"), ask("b.test"), "the old one holds meanwhile");
        answer(ENFORCE.replace("enforce", "none"));
        assertEquals(List.of("NONE"), ask("b.test"));
        assertEquals(2, fetched.size());
    }

    @Test
    void staysWithWhatItKnows() throws Exception {
        publish("1");
        open();
        ask("b.test");
        answer(ENFORCE);
        nowMs += 2 * DAY_MS;
        assertEquals(List.of("ENFORCE"), ask("b.test"), "once a day it is fetched again");
        fail("timed out");
        assertEquals(List.of("ENFORCE"), ask("b.test"));
        assertEquals(2, fetched.size());
        zone = new FakeZone();
        open();
        assertEquals(List.of("ENFORCE"), ask("b.test"), "the record is gone");
        zone = new FakeZone().fail("_mta-sts.b.test");
        open();
        assertEquals(List.of("ENFORCE"), ask("b.test"), "nobody answers");
    }

    @Test
    void leavesADomainAloneThatHasFailed() throws Exception {
        publish("1");
        open();
        List<String> heard = ask("b.test");
        fail("HTTP status 404");
        assertEquals(List.of("none"), heard);
        assertEquals(List.of("none"), ask("b.test"));
        nowMs += 300_000;
        heard = ask("b.test");
        answer("<html>");
        assertEquals(List.of("none"), heard);
        assertEquals(2, fetched.size());
        assertEquals(
                List.of(
                        "MTA-STS policy of b.test: HTTP status 404",
                        "MTA-STS policy of b.test: a line without a colon"),
                warnings);
    }

    @Test
    void takesNoRecordThatIsNone() throws Exception {
        for (String text : List.of("v=STSv2; id=1", "v=STSv1", "v=STSv1; id=", "v=STSv1; id=a-b", "v=spf1 id=1")) {
            zone = new FakeZone().text("_mta-sts.b.test", text);
            open();
            assertEquals(List.of("none"), ask("b.test"), text);
        }
        zone = new FakeZone().text("_mta-sts.b.test", "v=STSv1; id=1").text("_mta-sts.b.test", "v=STSv1; id=2");
        open();
        assertEquals(List.of("none"), ask("b.test"), "two");
        zone = new FakeZone().text("_mta-sts.b.test", "other").text("_mta-sts.b.test", "v=STSv1 ; x=y; id = 20; z=");
        open();
        ask("b.test");
        assertEquals(List.of("b.test"), fetched);
    }

    @Test
    void fetchesNoMoreThanItCan() throws Exception {
        open();
        for (int i = 0; i <= 100; i++) {
            zone.text("_mta-sts.d" + i + ".test", "v=STSv1; id=1");
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(List.of(), ask("d" + i + ".test"));
        }
        assertEquals(List.of("none"), ask("d100.test"));
        fail("x");
        assertEquals(List.of(), ask("d100.test"));
        assertTrue(fetched.contains("d100.test"));
    }
}
