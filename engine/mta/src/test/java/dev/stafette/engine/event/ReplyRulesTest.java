// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.syntax.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyRulesTest {
    private static final ReplyRules RULES = ReplyRules.builtIn();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        invalid-recipient | mx.b.test | 550 5.1.1 <ann@b.test>: Recipient address rejected: User unknown in local recipient table
        invalid-recipient | gmail-smtp-in.l.google.com | 550-5.1.1 The email account that you tried to reach does not exist. Please try 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser x - gsmtp
        invalid-recipient | mta5.am0.yahoodns.net | 554 delivery error: dd This user doesn't have a yahoo.com account (ann@yahoo.com) [0] - mta1
        invalid-recipient | a.olc.protection.outlook.com | 550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).
        invalid-recipient | | 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
        invalid-recipient | | Sorry, no mailbox here by that name. (#5.1.1)
        invalid-recipient | | 550 No such user here
        invalid-recipient | | 550 sorry
        inactive-mailbox | | 550 5.2.1 The email account that you tried to reach is inactive
        inactive-mailbox | mx.b.test | 554 5.7.1 <ann@b.test>: account has been disabled
        quota | mx.b.test | 552 5.2.2 <ann@b.test>: Quota exceeded (mailbox for user is full)
        quota | | 452 4.2.2 The email account that you tried to reach is over quota
        quota | | 550 Mailbox is full
        quota | | mailbox is full: retry timeout exceeded
        message-too-large | | 552 5.3.4 Message size exceeds fixed limit
        message-too-large | | 552 Message too large
        message-too-large | | message size 20000 exceeds size limit 10000 of server mx.b.test[192.0.2.1]
        blocklisted | mx.b.test | 554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.25
        blocklisted | a.olc.protection.outlook.com | 550 5.7.1 Unfortunately, messages from [192.0.2.25] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).
        blocklisted | | 550 5.7.1 Your IP address has poor reputation
        spam | mx.b.test | 554 5.7.1 Message rejected as spam (score 12.3)
        spam | gmail-smtp-in.l.google.com | 550-5.7.1 [192.0.2.25] Our system has detected that this message is likely unsolicited mail.
        spam | | 550 High probability of spam
        authentication | gmail-smtp-in.l.google.com | 550-5.7.26 This mail has been blocked because the sender is unauthenticated.
        authentication | | 550 5.7.1 Email rejected per DMARC policy for a.test
        authentication | | 550 5.7.23 The message was rejected because of Sender Policy Framework violation
        authentication | | 450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.25]
        relay-denied | mx.b.test | 554 5.7.1 <ann@b.test>: Relay access denied
        relay-denied | | 550 5.7.1 <ann@b.test>... Relaying denied
        relay-denied | | 550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain
        relay-denied | | 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)
        rate-limited | mta5.am0.yahoodns.net | 421 4.7.0 [TSS04] Messages from 192.0.2.25 temporarily deferred due to unexpected volume or user complaints
        rate-limited | gmail-smtp-in.l.google.com | 421-4.7.28 Our system has detected an unusual rate of unsolicited mail
        rate-limited | | 450 4.7.1 Error: too many connections from 192.0.2.25
        greylisted | | 450 4.2.0 <ann@b.test>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/b.test.html
        content | | 552 5.7.0 This message was blocked because its content presents a potential security issue: an executable attachment
        content | | 550 5.6.0 Virus found
        invalid-sender | | 550 5.1.8 <bounces@a.test>: Sender address rejected: Domain not found
        dns | | Host or domain name not found. Name service error for name=b.test type=AAAA: Host not found
        dns | | Domain b.test does not accept mail (nullMX)
        network | | connect to mx.b.test[192.0.2.1]:25: Connection timed out
        network | | lost connection with mx.b.test[192.0.2.1] while receiving the initial server greeting
        tls | | TLS is required, but was not offered by host mx.b.test[192.0.2.1]
        tls | | 530 5.7.0 Must issue a STARTTLS command first
        protocol | | 502 5.5.2 Error: command not recognized
        protocol | | 501 5.5.4 Syntax error
        policy | | 554 5.7.1 <ann@b.test>: Recipient address rejected: Access denied
        invalid-recipient | | 450 4.1.1 <ann@b.test>: Recipient address rejected: unverified address: no such user
        policy | | 550 5.7.1 Message refused by local policy
        policy | | 554 5.7.1 You are not welcome here
        system | | 451 4.3.0 Internal error
        system | | 421 Service not available
        loop | | 554 5.4.6 Too many hops
        moved | | 551 5.1.6 User has moved to bob@c.test
        unclassified | | 554 hm
        unclassified | | what is this
        """)
    void knowsRepliesOfTheWorld(String expected, String server, String text) {
        assertEquals(expected, RULES.classify(null, text, server), text);
    }

    @Test
    void takesTheStatusOfTheReportWhereTheReplyHasNone() {
        assertEquals("quota", RULES.classify(EnhancedStatus.of(5, 2, 2), "", null));
        assertEquals("invalid-recipient", RULES.classify(EnhancedStatus.of(5, 1, 1), "no", "x"));
        assertEquals("message-too-large", RULES.classify(EnhancedStatus.of(5, 0, 0), "552 5.3.4 no", "x"));
    }

    @Test
    void findsTheReplyInWordsOfOurs() {
        assertEquals(
                "quota",
                RULES.classify(
                        null, "host mx.b.test[192.0.2.1] said: 550 5.2.2 no (in reply to RCPT TO command)", null));
    }

    @Test
    void asksTheOwnersFileFirst(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("rules");
        Files.writeString(
                file, "# ours\n\nour-friends  code 5xx mx b.test text come back\nnumbers status 5.9.x code 550,551\n");
        ReplyRules rules = rules(file);
        assertEquals("our-friends", rules.classify(null, "550 5.2.2 Come back tomorrow", "mx.B.test. (192.0.2.1)"));
        assertEquals("quota", rules.classify(null, "550 5.2.2 Come back tomorrow", "mx.notb.test"));
        assertEquals("quota", rules.classify(null, "450 4.2.2 Come back tomorrow", "mx.b.test"));
        assertEquals("numbers", rules.classify(null, "551 5.9.7 no", null));
        assertEquals(RULES.size() + 2, rules.size());
    }

    private static ReplyRules rules(Path file) {
        return ReplyRules.of(FakeHost.settings("reply_class_rules = " + file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Quota code 550 | line 1: 'Quota code 550'
        quota | line 1: 'quota'
        quota code 55 | '55' (expected: 550 or 5xx)
        quota status 5.1 | '5.1' (expected: 5.1.1 or x.1.x)
        quota colour red | 'colour' (expected: code, status, mx or text)
        quota text (a | '(a': Unclosed group
        quota code | 'code' (expected: code, status, mx or text, and a value)
        """)
    void saysWhatIsWrongWithARule(String line, String expected, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("rules"), line + "\n");
        try {
            rules(file);
        } catch (ConfigException e) {
            assertTrue(e.getMessage().contains(expected), e.getMessage());
            return;
        }
        throw new AssertionError("taken: " + line);
    }

    /** Servers choose their words, and some choose them badly. */
    @Test
    void isNotSlowedDownByAnyText() {
        Random random = new Random(7);
        List<String> words =
                List.of("550 ", "user ", "mailbox ", "a", "not ", "blocked ", "5.1.1 ", ".", "size ", "header ", "x-");
        assertTimeout(Duration.ofSeconds(20), () -> {
            for (String word : words) {
                RULES.classify(null, word.repeat(2000), "mx.b.test");
            }
            for (int i = 0; i < 500; i++) {
                StringBuilder text = new StringBuilder();
                while (text.length() < 1000) {
                    text.append(words.get(random.nextInt(words.size())));
                }
                RULES.classify(null, text.toString(), "mx.b.test");
            }
        });
    }
}
