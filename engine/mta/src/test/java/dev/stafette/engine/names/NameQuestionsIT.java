// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.dns.DnsClients;
import dev.stafette.delivery.dns.DnsSettings;
import dev.stafette.delivery.dns.FakeDns;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.PatientInquiry;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a name server in this JVM. */
class NameQuestionsIT {
    private static FakeDns server;
    private static EventLoopGroup group;
    private static NameQuestions names;

    @BeforeAll
    static void start() {
        server = new FakeDns();
        server.address("a.test", "192.0.2.1").address("a.test", "2001:db8::1").mx("a.test", 10, "mx.a.test");
        server.mx("null.test", 0, "").nameServer("a.test", "ns.a.test").text("a.test", "one", "two");
        server.fail("fail.test", FakeDns.SERVFAIL)
                .mx("late.test", 10, "mx.a.test")
                .empty("empty.test")
                .address("xn--strae-oqa.test", "192.0.2.9");
        server.address("2.bl.test", "127.0.0.2").address("2.bl.test", "127.0.0.4");
        server.text("2.bl.test", "first").text("2.bl.test", "second").address("3.bl.test", "127.0.0.3");
        group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        DnsSettings settings = new DnsSettings(List.of(server.address()), Duration.ofSeconds(30), 100);
        names = new NameQuestions(new DnsClients(settings, group).ofAnyThread(), HostsFile.of(List.of()));
    }

    @AfterAll
    static void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        A    | a.test      | FOUND 192.0.2.1
        A    | A.Test      | FOUND 192.0.2.1
        A    | a.test.     | NOT_FOUND
        AAAA | a.test      | FOUND 2001:db8::1
        MX   | a.test      | FOUND 10 mx.a.test
        MX   | null.test   | FOUND 0
        NS   | a.test      | FOUND ns.a.test
        TXT  | a.test      | FOUND onetwo
        A    | straße.test | FOUND 192.0.2.9
        A    | empty.test  | NOT_FOUND
        A    | no.test     | NOT_FOUND
        A    | a..test     | NOT_FOUND
        A    | fail.test   | UNAVAILABLE
        """)
    void asksForRecords(RecordType type, String name, String expected) {
        assertEquals(expected, text(names.ask(type, name, Inquiry.BLOCKING)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        2.bl.test | FOUND 127.0.0.2, 127.0.0.4, first / second
        3.bl.test | FOUND 127.0.0.3,
        4.bl.test | NOT_FOUND
        fail.test | UNAVAILABLE
        """)
    void asksListsForAddressesAndThenForTheReason(String name, String expected) {
        assertEquals(expected, text(names.askList(name, Inquiry.BLOCKING)));
    }

    private static String text(NameAnswer answer) {
        return (answer.finding() + " " + String.join(", ", answer.records())).strip();
    }

    @Test
    void asksNoReasonOfWhatIsNotListed() {
        names.askList("5.bl.test", Inquiry.BLOCKING);
        assertTrue(server.questions.contains("5.bl.test A"));
        assertEquals(
                List.of(),
                server.questions.stream().filter("5.bl.test TXT"::equals).toList());
    }

    /** On the loop of a session nothing blocks: the judgement is made again when all that it has asked for is there. */
    @Test
    void answersAJudgementOnALoopThatDoesNotWait() throws InterruptedException {
        BlockingQueue<String> answers = new ArrayBlockingQueue<>(2);
        EventLoop loop = group.next();
        loop.execute(() -> {
            Inquirer inquirer = new Inquirer(loop, System::nanoTime);
            PatientInquiry inquiry = inquirer.begin();
            NameAnswer first = names.ask(RecordType.MX, "late.test", inquiry);
            answers.add(first.finding() + " " + inquiry.isWaiting());
            inquirer.await(
                    inquiry,
                    again -> names.ask(RecordType.MX, "late.test", again),
                    found -> answers.add(text(found)),
                    mistake -> answers.add(mistake.toString()));
        });
        assertEquals(Finding.UNAVAILABLE + " true", answers.poll(60, TimeUnit.SECONDS));
        assertEquals("FOUND 10 mx.a.test", answers.poll(60, TimeUnit.SECONDS));
    }
}
