// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressAllowances;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Verp;
import dev.stafette.codec.envelope.VerpRules;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpCommand.Mail;
import dev.stafette.codec.smtp.SmtpCommand.Rcpt;
import dev.stafette.codec.testing.Splits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpCommandParserTest {
    private static final SmtpCommandParser PARSER = new SmtpCommandParser(SmtpCommandSettings.DEFAULTS);

    private static SmtpCommand parse(SmtpCommandParser parser, String line, boolean smtpUtf8) {
        return parser.parse(Unpooled.copiedBuffer(line, StandardCharsets.UTF_8), smtpUtf8);
    }

    private static SmtpCommand parse(String line) {
        return parse(PARSER, line, false);
    }

    private static Mail mail(String parameters) {
        return assertInstanceOf(Mail.class, parse("MAIL FROM:<a@a.test>" + parameters));
    }

    private static Rcpt rcpt(String parameters) {
        return assertInstanceOf(Rcpt.class, parse("RCPT TO:<a@a.test>" + parameters));
    }

    private static String reply(SmtpCommand command) {
        return assertInstanceOf(BadCommand.class, command, command::toString)
                .reply()
                .toString()
                .stripTrailing();
    }

    @Test
    void readsPlainCommands() {
        assertEquals(new SmtpCommand.Ehlo("c.test"), parse("EHLO c.test"));
        assertEquals(new SmtpCommand.Helo("c.test"), parse("helo c.test "));
        assertSame(
                SmtpVerb.DATA,
                assertInstanceOf(SmtpCommand.Data.class, parse("dAtA")).verb());
        assertInstanceOf(SmtpCommand.Rset.class, parse("RSET"));
        assertInstanceOf(SmtpCommand.Noop.class, parse("NOOP"));
        assertInstanceOf(SmtpCommand.Noop.class, parse("NOOP " + "x".repeat(1500)));
        assertInstanceOf(SmtpCommand.Noop.class, parse("NOOP\rQUIT"));
        assertInstanceOf(SmtpCommand.Noop.class, parse(" \tNOOP  "));
        assertInstanceOf(SmtpCommand.Quit.class, parse("QUIT x"));
        assertInstanceOf(SmtpCommand.Help.class, parse("HELP MAIL"));
        assertEquals(new SmtpCommand.Bdat(5, false), parse("BDAT 5"));
        assertEquals(new SmtpCommand.Bdat(0, true), parse("bdat 0 last"));
        assertEquals(new SmtpCommand.Bdat(Long.MAX_VALUE, true), parse("BDAT 9223372036854775807 LAST"));
        assertEquals(new SmtpCommand.Vrfy(MailAddress.of("u", "b.test"), "u@b.test", false), parse("VRFY u@b.test"));
        assertEquals(new SmtpCommand.Vrfy(MailAddress.of("u", ""), "u", false), parse("VRFY u"));
    }

    @ParameterizedTest
    @CsvSource({
        "STARTTLS, STARTTLS, ''",
        "starttls, STARTTLS, ''",
        "AUTH PLAIN AGEAYg==, AUTH, PLAIN AGEAYg==",
        "XCLIENT A=b C=d, XCLIENT, A=b C=d",
        "xforward A=b, XFORWARD, A=b"
    })
    void tellsExtensionsApart(String line, SmtpVerb verb, String argument) {
        assertEquals(new SmtpCommand.Extension(verb, argument), parse(line));
    }

    /** As Postfix parts a line: what is in quotes or brackets is of one piece, and so is what a backslash stands before. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "MAIL FROM:<a@a.test> \"x y\"| 555 5.5.4 Unsupported option: \"x y\"",
                "MAIL FROM:<a@a.test> <x <y> z> u| 555 5.5.4 Unsupported option: <x <y> z>",
                "MAIL FROM:<a@a.test> x\\ y z| 555 5.5.4 Unsupported option: x\\ y",
                "MAIL FROM:<a@a.test> \"x y| 555 5.5.4 Unsupported option: \"x y",
                "MAIL FROM:<a@a.test> to:x| 555 5.5.4 Unsupported option: to:",
                "MAIL FROM:\"a b@a.test| 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<a <b@a.test>| 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<a@a.test>SIZE=1| 501 5.1.7 Bad sender address syntax",
                "VRFY a@a.test b@a.test| 501 5.1.3 Bad recipient address syntax"
            })
    void partsWordsAsPostfixDoes(String line, String reply) {
        assertEquals(reply, reply(parse(line)));
    }

    @Test
    void takesNoParameterOfWhatIsNotOffered() {
        SmtpCommandParser hiding = new SmtpCommandParser(new SmtpCommandSettings(
                2048, false, true, false, Set.of("DSN", "SMTPUTF8"), Set.of(), null, AddressAllowances.NONE));
        for (String line : new String[] {
            "MAIL FROM:<a@a.test> RET=FULL",
            "MAIL FROM:<a@a.test> ENVID=x",
            "RCPT TO:<a@a.test> NOTIFY=NEVER",
            "RCPT TO:<a@a.test> ORCPT=rfc822;x"
        }) {
            assertEquals("501 5.7.1 DSN support is disabled", reply(parse(hiding, line, false)));
        }
        assertEquals(
                "555 5.5.4 Unsupported option: SMTPUTF8", reply(parse(hiding, "MAIL FROM:<a@a.test> SMTPUTF8", false)));
    }

    @Test
    void takesRequireTlsWhereItIsEnabledAndNotHidden() {
        SmtpCommandSettings taking = new SmtpCommandSettings(
                2048, false, true, false, Set.of(), Set.of(), null, AddressAllowances.NONE, true);
        String line = "MAIL FROM:<a@a.test> SIZE=1 requiretls";
        assertTrue(((Mail) parse(new SmtpCommandParser(taking), line, false)).requiresTls());
        assertFalse(((Mail) parse(new SmtpCommandParser(taking), "MAIL FROM:<a@a.test>", false)).requiresTls());
        String refused = "555 5.5.4 Unsupported option: requiretls";
        assertEquals(refused, reply(parse(new SmtpCommandParser(SmtpCommandSettings.DEFAULTS), line, false)));
        SmtpCommandSettings hiding = taking.withHidden(Set.of("REQUIRETLS"));
        assertEquals(refused, reply(parse(new SmtpCommandParser(hiding), line, false)));
        assertEquals(
                "555 5.5.4 Unsupported option: REQUIRETLS=1",
                reply(parse(new SmtpCommandParser(taking), "MAIL FROM:<a@a.test> REQUIRETLS=1", false)));
    }

    @Test
    void takesVerpWhereItMayBeAskedFor() {
        SmtpCommandParser taking =
                new SmtpCommandParser(SmtpCommandSettings.DEFAULTS.withVerp(new VerpRules("+=", "-=+")));
        assertEquals(
                new Verp('+', '='), ((SmtpCommand.Mail) parse(taking, "MAIL FROM:<a@a.test> XVERP", false)).verp());
        assertEquals(
                new Verp('-', '+'), ((SmtpCommand.Mail) parse(taking, "MAIL FROM:<a@a.test> xverp=-+", false)).verp());
        for (String value : new String[] {"", "+", "xx", "+=-", "\u00e4="}) {
            assertEquals(
                    "501 5.5.4 Error: XVERP needs two characters from -=+",
                    reply(parse(taking, "MAIL FROM:<a@a.test> XVERP=" + value, false)));
        }
        for (String other : new String[] {"XVERPS", "XVERP+="}) {
            assertEquals(
                    "555 5.5.4 Unsupported option: " + other,
                    reply(parse(taking, "MAIL FROM:<a@a.test> " + other, false)));
        }
        assertEquals("555 5.5.4 Unsupported option: XVERP", reply(parse("MAIL FROM:<a@a.test> XVERP")));
    }

    /** What Postfix has cut it has made printable, too. */
    @Test
    void takesNoOffenceAtHalfACharacterWhereALineIsCut() {
        SmtpLineDecoder decoder = new SmtpLineDecoder(2048);
        decoder.decode(
                Unpooled.wrappedBuffer(("NOOP " + "x".repeat(2042) + "\u00e9\r\n").getBytes(StandardCharsets.UTF_8)));
        assertInstanceOf(SmtpCommand.Noop.class, PARSER.parse(decoder, false));
        decoder.decode(Unpooled.wrappedBuffer(("RSET\t" + " ".repeat(3000) + "\r\n").getBytes(StandardCharsets.UTF_8)));
        assertInstanceOf(SmtpCommand.Unknown.class, PARSER.parse(decoder, false));
    }

    @Test
    void readsEtrn() {
        assertEquals(new SmtpCommand.Etrn("b.test"), parse("etrn b.test"));
        assertEquals(new SmtpCommand.Etrn("b.test"), parse("ETRN @b.test"));
        assertEquals(new SmtpCommand.Etrn("[127.0.0.1]"), parse("ETRN #[127.0.0.1]"));
        for (String line : new String[] {"ETRN", "ETRN a.test b.test"}) {
            assertEquals("500 Syntax: ETRN domain", reply(parse(line)));
        }
        for (String line : new String[] {"ETRN b.test.", "ETRN -x", "ETRN δ.test", "ETRN @", "ETRN 1.2.3.4"}) {
            assertEquals("501 Error: invalid parameter syntax", reply(parse(line)));
        }
    }

    @Test
    void seesNothingBehindNul() {
        assertInstanceOf(SmtpCommand.Rset.class, parse("RSET\0 x"));
        assertInstanceOf(SmtpCommand.Quit.class, parse("QUIT\0"));
        assertEquals("500 5.5.2 Error: bad syntax", reply(parse("\0QUIT")));
    }

    @Test
    void readsMailWithItsParameters() {
        Mail plain = mail("");
        assertEquals(MailAddress.of("a", "a.test"), plain.sender());
        assertEquals(Mail.NO_SIZE, plain.sizeBytes());
        assertFalse(plain.eightBit() || plain.smtpUtf8());
        assertSame(DsnReturn.UNSPECIFIED, plain.dsnReturn());
        assertNull(plain.envelopeId());
        assertNull(plain.auth());
        assertEquals(
                new Mail(
                        MailAddress.of("A.b", "a.test"),
                        10,
                        true,
                        true,
                        DsnReturn.HDRS,
                        "QQ+20314159",
                        "e+3Dmc2@a.test",
                        null,
                        false),
                parse("mAiL fRoM: <A.b@a.test>  bOdY=8bitmime\tsIzE=00010 smtputf8 RET=hdrs ENVID=QQ+20314159"
                        + " AUTH=e+3Dmc2@a.test"));
        assertEquals(9223372036854775807L, mail(" SIZE=9223372036854775807").sizeBytes());
        assertEquals("<>", mail(" AUTH=<>").auth());
        assertFalse(mail(" BODY=8BITMIME BODY=7BIT").eightBit());
        assertSame(DsnReturn.FULL, mail(" RET=FULL").dsnReturn());
        assertTrue(assertInstanceOf(Mail.class, parse("MAIL FROM:<>")).sender().isNull());
        assertEquals(
                MailAddress.of("a", "a.test"),
                assertInstanceOf(Mail.class, parse("MAIL FROM:a@a.test")).sender());
    }

    @Test
    void readsRcptWithItsParameters() {
        assertEquals(
                MailAddress.of("postmaster", ""),
                assertInstanceOf(Rcpt.class, parse("RCPT TO:<postmaster>"))
                        .recipient()
                        .address());
        assertEquals(DsnNotify.UNSPECIFIED, rcpt("").recipient().notifyBits());
        assertEquals(DsnNotify.NEVER, rcpt(" NOTIFY=NEVER").recipient().notifyBits());
        assertEquals(
                DsnNotify.SUCCESS | DsnNotify.DELAY | DsnNotify.FAILURE,
                rcpt(" notify=success,DELAY,FAILURE").recipient().notifyBits());
        assertEquals(
                "rfc822;u+2Bx@b.test",
                rcpt(" ORCPT=rfc822;u+2Bx@b.test").recipient().originalRecipient());
        assertEquals(
                "utf-8;δ@b.test",
                rcpt(" ORCPT=utf-8;δ@b.test NOTIFY=DELAY").recipient().originalRecipient());
        assertEquals(
                "rfc822;+CE+B4+01+0A@b.test",
                rcpt(" ORCPT=rfc822;δ\u0001+0a@b.test").recipient().originalRecipient());
        assertEquals(
                "utf-8;a\\x{85}\\x{E9}@b.test",
                rcpt(" ORCPT=utf-8;a\u0085\\x{E9}@b.test").recipient().originalRecipient());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~| 500 5.5.2 Error: bad syntax",
                "~ \t ~| 500 5.5.2 Error: bad syntax",
                "EHLO| 501 Syntax: EHLO hostname",
                "HELO | 501 Syntax: HELO hostname",
                "MAIL| 501 5.5.4 Syntax: MAIL FROM:<address>",
                "MAIL FROM| 501 5.5.4 Syntax: MAIL FROM:<address>",
                "MAIL FROM:| 501 5.5.4 Syntax: MAIL FROM:<address>",
                "MAIL FROM a@a.test| 501 5.5.4 Syntax: MAIL FROM:<address>",
                "MAIL FROM : <a@a.test>| 501 5.5.4 Syntax: MAIL FROM:<address>",
                "MAIL TO:<a@a.test>| 501 5.5.4 Syntax: MAIL FROM:<address>",
                "MAIL FROM:<a@a.test| 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<a@a.test>BODY=7BIT| 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<a@[300.1.1.1]> FOO| 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<a\0b@a.test>| 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:<δοκιμή@δ.test>| 501 5.1.7 Bad sender address syntax",
                "MAIL FROM:a b@a.test| 555 5.5.4 Unsupported option: b@a.test",
                "MAIL FROM:<a@a.test> SIZE=abc| 501 5.5.4 Bad message size syntax",
                "MAIL FROM:<a@a.test> SIZE=| 501 5.5.4 Bad message size syntax",
                "MAIL FROM:<a@a.test> SIZE=-1| 501 5.5.4 Bad message size syntax",
                "MAIL FROM:<a@a.test> SIZE=99999999999999999999999| 552 5.3.4 Message size exceeds file system imposed"
                        + " limit",
                "MAIL FROM:<a@a.test> SIZE=9223372036854775808| 552 5.3.4 Message size exceeds file system imposed"
                        + " limit",
                "MAIL FROM:<a@a.test> SIZE| 555 5.5.4 Unsupported option: SIZE",
                "MAIL FROM:<a@a.test> BODY=BINARYMIME| 555 5.5.4 Unsupported option: BODY=BINARYMIME",
                "MAIL FROM:<a@a.test> SMTPUTF8=x| 555 5.5.4 Unsupported option: SMTPUTF8=x",
                "MAIL FROM:<a@a.test> BODY=7BIT SIZE=1 FOO=BAR RET=X| 555 5.5.4 Unsupported option: FOO=BAR",
                "MAIL FROM:<a@a.test> a\u0001bδ| 555 5.5.4 Unsupported option: a?bδ",
                "MAIL FROM:<a@a.test> RET=X| 501 5.5.4 Bad RET parameter syntax",
                "MAIL FROM:<a@a.test> RET=FULL RET=FULL| 501 5.5.4 Bad RET parameter syntax",
                "MAIL FROM:<a@a.test> ENVID=| 501 5.5.4 Bad ENVID parameter syntax",
                "MAIL FROM:<a@a.test> ENVID=a+2| 501 5.5.4 Bad ENVID parameter syntax",
                "MAIL FROM:<a@a.test> ENVID=a+| 501 5.5.4 Bad ENVID parameter syntax",
                "MAIL FROM:<a@a.test> ENVID=a+0Ab| 501 5.5.4 Bad ENVID parameter syntax",
                "MAIL FROM:<a@a.test> ENVID=δ| 501 5.5.4 Bad ENVID parameter syntax",
                "MAIL FROM:<a@a.test> ENVID=a ENVID=a| 501 5.5.4 Bad ENVID parameter syntax",
                "MAIL FROM:<a@a.test> AUTH=a AUTH=b| 503 5.5.4 Error: multiple AUTH= options",
                "RCPT a@b.test| 501 5.5.4 Syntax: RCPT TO:<address>",
                "RCPT TO:| 501 5.5.4 Syntax: RCPT TO:<address>",
                "RCPT TO:<>| 501 5.1.3 Bad recipient address syntax",
                "RCPT TO:<u@[127.0.0.1| 501 5.1.3 Bad recipient address syntax",
                "RCPT TO:<\"a@b.test>| 501 5.1.3 Bad recipient address syntax",
                "RCPT TO:<-f@b.test>| 501 5.1.3 Bad recipient address syntax",
                "MAIL FROM:<-f@b.test>| 501 5.1.7 Bad sender address syntax",
                "RCPT TO:<a@δ.test>| 501 5.1.3 Bad recipient address syntax",
                "RCPT TO:<a@a.test> NOTIFY=NEVER,SUCCESS| 501 5.5.4 Error: Bad NOTIFY parameter syntax",
                "RCPT TO:<a@a.test> NOTIFY=| 501 5.5.4 Error: Bad NOTIFY parameter syntax",
                "RCPT TO:<a@a.test> NOTIFY=FOO| 501 5.5.4 Error: Bad NOTIFY parameter syntax",
                "RCPT TO:<a@a.test> NOTIFY=DELAY NOTIFY=DELAY| 501 5.5.4 Error: Bad NOTIFY parameter syntax",
                "RCPT TO:<a@a.test> ORCPT=rfc822| 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@a.test> ORCPT=;x| 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@a.test> ORCPT=rfc822;a+2| 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@a.test> ORCPT=δ;a| 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@a.test> ORCPT=utf-8;\\x{110000}| 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@a.test> ORCPT=utf-8;\\x{E9| 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@a.test> ORCPT=a;b ORCPT=a;b| 501 5.5.4 Error: Bad ORCPT parameter syntax",
                "RCPT TO:<a@a.test> FOO=bar| 555 5.5.4 Unsupported option: FOO=bar",
                "DATA x| 501 5.5.4 Syntax: DATA",
                "RSET x| 501 5.5.4 Syntax: RSET",
                "VRFY| 501 5.5.4 Syntax: VRFY address [SMTPUTF8]",
                "STARTTLS x| 501 5.5.4 Syntax: STARTTLS",
                "XCLIENT| 501 5.5.4 Syntax: XCLIENT attribute=value...",
                "XFORWARD| 501 5.5.4 Syntax: XFORWARD attribute=value...",
                "VRFY a b| 501 5.1.3 Bad recipient address syntax",
                "VRFY <>| 501 5.1.3 Bad recipient address syntax",
                "VRFY SMTPUTF8 SMTPUTF8 x| 501 5.1.3 Bad recipient address syntax",
                "BDAT| 521 5.5.4 Syntax: BDAT count [LAST]",
                "BDAT x| 521 5.5.4 Syntax: BDAT count [LAST]",
                "BDAT 5 FOO| 521 5.5.4 Syntax: BDAT count [LAST]",
                "BDAT 5 LAST LAST| 521 5.5.4 Syntax: BDAT count [LAST]",
                "BDAT -1| 521 5.5.4 Syntax: BDAT count [LAST]",
                "BDAT 99999999999999999999| 521 5.5.4 Syntax: BDAT count [LAST]"
            })
    void answersSyntaxErrorsAsPostfixDoes(String line, String reply) {
        assertEquals(reply, reply(parse(line)));
    }

    @Test
    void keepsTheVerbOfABadCommand() {
        assertSame(SmtpVerb.MAIL, parse("MAIL").verb());
        assertSame(SmtpVerb.DATA, parse("DATA x").verb());
        assertSame(SmtpVerb.UNKNOWN, parse("").verb());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"TURN", "XYZZY", "NOOPx", "NOOP<x>", "NO\0OP", "subject", "Foo :bar", ".", "GETx", "MAILFROM:"})
    void doesNotKnowOtherWords(String line) {
        if (line.indexOf(':') == line.length() - 1) {
            assertInstanceOf(SmtpCommand.Forbidden.class, parse(line));
        } else {
            assertInstanceOf(SmtpCommand.Unknown.class, parse(line));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "connect x",
                "POST /",
                "Subject: x",
                "MAIL:x",
                "1abc",
                "-x",
                "..",
                "<noop>",
                "\"noop\"",
                "δ"
            })
    void sendsAwayWhatIsNoMailClient(String line) {
        assertInstanceOf(SmtpCommand.Forbidden.class, parse(line));
    }

    @Test
    void showsUnknownTextOnlyInPrintableForm() {
        assertEquals(new SmtpCommand.Unknown("XY?Z ?"), parse("XY\u0007Z \u007f"));
    }

    @Test
    void refusesBadUtf8InAnyCommand() {
        for (String line : new String[] {
            "\u00ff\u00fe", "NOOP \u00ff", "MAIL FROM:<a\u00ff@a.test>", "EHLO \u00c3", "NOOP \u00ed\u00a0\u0080"
        }) {
            SmtpCommand command = PARSER.parse(Unpooled.wrappedBuffer(Splits.bytes(line)), false);
            assertEquals("500 5.5.2 Error: bad UTF-8 syntax", reply(command), line);
        }
    }

    @Test
    void takesOtherScriptsWhereTheyWereDeclared() {
        assertEquals(
                MailAddress.of("δ", "a.test"),
                assertInstanceOf(Mail.class, parse("MAIL FROM:<δ@a.test>")).sender());
        assertEquals(
                MailAddress.of("δ", "δ.test"),
                assertInstanceOf(Mail.class, parse("MAIL FROM:<δ@δ.test> SMTPUTF8"))
                        .sender());
        assertEquals(
                MailAddress.of("δ", "δ.test"),
                assertInstanceOf(Rcpt.class, parse(PARSER, "RCPT TO:<δ@δ.test>", true))
                        .recipient()
                        .address());
        assertEquals(
                new SmtpCommand.Vrfy(MailAddress.of("δ", "δ.test"), "<δ@δ.test>", true),
                parse("VRFY <δ@δ.test> SMTPUTF8"));
        assertEquals("501 5.1.3 Bad recipient address syntax", reply(parse("VRFY δ@δ.test")));
    }

    @Test
    void wantsOtherScriptsDeclaredWhenStrict() {
        SmtpCommandParser strict = new SmtpCommandParser(
                new SmtpCommandSettings(2048, false, true, true, Set.of(), Set.of(), null, AddressAllowances.NONE));
        String refusal = "553 5.6.7 Must declare SMTPUTF8 to send unicode address";
        assertEquals(refusal, reply(parse(strict, "MAIL FROM:<δ@a.test>", false)));
        assertEquals(refusal, reply(parse(strict, "RCPT TO:<δ@a.test>", false)));
        assertInstanceOf(Mail.class, parse(strict, "MAIL FROM:<δ@a.test> SMTPUTF8", false));
        assertInstanceOf(Rcpt.class, parse(strict, "RCPT TO:<δ@a.test>", true));
    }

    @Test
    void doesWithoutUtf8WhenItIsOff() {
        SmtpCommandParser off = new SmtpCommandParser(new SmtpCommandSettings(
                2048,
                false,
                false,
                false,
                Set.of(),
                Set.of(SmtpCommandSettings.NO_LETTER),
                null,
                AddressAllowances.NONE));
        assertEquals(
                "555 5.5.4 Unsupported option: SMTPUTF8", reply(parse(off, "MAIL FROM:<a@a.test> SMTPUTF8", false)));
        assertEquals("501 5.5.4 Syntax: VRFY address", reply(parse(off, "VRFY", false)));
        assertInstanceOf(
                SmtpCommand.Forbidden.class, off.parse(Unpooled.wrappedBuffer(Splits.bytes("\u00ff\u00fe")), false));
        assertInstanceOf(SmtpCommand.Unknown.class, parse(off, "GET /", false));
    }

    @Test
    void wantsBracketsWhenStrict() {
        SmtpCommandParser strict = new SmtpCommandParser(
                new SmtpCommandSettings(2048, true, true, false, Set.of(), Set.of(), null, AddressAllowances.NONE));
        assertEquals("501 5.1.7 Bad sender address syntax", reply(parse(strict, "MAIL FROM:a@a.test", false)));
        assertInstanceOf(Mail.class, parse(strict, "MAIL FROM: <a@a.test>", false));
        assertInstanceOf(SmtpCommand.Vrfy.class, parse(strict, "VRFY a@a.test", false));
    }

    @Test
    void makesHelloNamesHarmless() {
        assertEquals(new SmtpCommand.Ehlo("[IPv6:::1]"), parse("EHLO [IPv6:::1]"));
        assertEquals(new SmtpCommand.Ehlo("_x.test"), parse("EHLO _x.test"));
        assertEquals(new SmtpCommand.Ehlo("a?b?c??d?"), parse("EHLO a<b>c()d\\"));
        assertEquals(new SmtpCommand.Ehlo("a?b"), parse("EHLO a b"));
        assertEquals(new SmtpCommand.Helo("a???"), parse("HELO a\u0001δ"));
        assertEquals(new SmtpCommand.Helo("x".repeat(255)), parse("HELO " + "x".repeat(300)));
    }

    @Test
    void keepsRepliesWithinTheirLine() {
        String line = reply(parse("MAIL FROM:<a@a.test> " + "y".repeat(2000)));
        assertEquals(SmtpPhrasebook.REPLY_LINE_BYTES_MAX - 2, line.length());
        assertEquals(510, reply(parse("RCPT TO:<a@a.test> " + "y".repeat(2000))).length());
    }

    @Test
    void readsALineFromTheDecoder() {
        SmtpLineDecoder decoder = new SmtpLineDecoder(2048);
        Splits.everyWay(Splits.bytes("RCPT TO:<u@b.test> NOTIFY=NEVER\r\n"), pieces -> {
            for (ByteBuf piece : pieces) {
                if (decoder.decode(piece) == SmtpLineDecoder.Result.LINE) {
                    break;
                }
            }
            SmtpCommand command = PARSER.parse(decoder, false);
            assertInstanceOf(Rcpt.class, command);
            return command;
        });
    }

    /** Any bytes: one value, nothing thrown, and no line of a reply that the client could have broken or made too long. */
    @Test
    void survivesAnyBytes() {
        Random random = new Random(20240229);
        String[] starts = {
            "MAIL FROM:",
            "MAIL FROM:<",
            "RCPT TO:<",
            "RCPT TO:<a@b.test> ",
            "MAIL FROM:<> ",
            "EHLO ",
            "VRFY ",
            "BDAT ",
            ""
        };
        String[] parts = {
            "<",
            ">",
            "@",
            "\"",
            "\\",
            " ",
            "\t",
            "\r",
            "\n",
            "\0",
            "a",
            ".",
            ":",
            ",",
            ";",
            "[",
            "]",
            "(",
            ")",
            "IPv6:",
            "\u00ce\u00b4",
            "\u00e2\u0080\u00a8",
            "\u00ff",
            "SIZE=",
            "NOTIFY=",
            "ORCPT=",
            "RET=",
            "ENVID=",
            "+",
            "=",
            "xn--",
            "-",
            "LAST",
            "SMTPUTF8",
            "9",
            "a@a.test",
            "\u00e3\u0080\u0082"
        };
        SmtpCommandParser strict = new SmtpCommandParser(
                new SmtpCommandSettings(2048, true, false, true, Set.of(), Set.of(), null, AddressAllowances.NONE));
        long deadlineNs = System.nanoTime() + 1_500_000_000L;
        for (int round = 0; round < 150_000 && System.nanoTime() < deadlineNs; round++) {
            StringBuilder line = new StringBuilder(starts[random.nextInt(starts.length)]);
            for (int i = random.nextInt(12); i > 0; i--) {
                line.append(random.nextInt(4) == 0 ? (char) random.nextInt(256) : parts[random.nextInt(parts.length)]);
            }
            byte[] bytes = Splits.bytes(line.toString());
            for (SmtpCommandParser parser : new SmtpCommandParser[] {PARSER, strict}) {
                SmtpCommand command = parser.parse(Unpooled.wrappedBuffer(bytes), random.nextBoolean());
                if (command instanceof BadCommand bad) {
                    String wire = bad.reply().toString();
                    int wireBytes = wire.getBytes(StandardCharsets.UTF_8).length;
                    assertTrue(wireBytes <= SmtpPhrasebook.REPLY_LINE_BYTES_MAX, wire);
                    assertEquals(wire.length() - 1, wire.indexOf('\n'), wire);
                    assertTrue(
                            wire.chars()
                                    .limit(wire.length() - 2)
                                    .noneMatch(c -> c != '\t' && Character.isISOControl(c)),
                            wire);
                } else if (command instanceof Mail mail) {
                    assertTrue(mail.sender().external().chars().noneMatch(Character::isISOControl));
                } else if (command instanceof Rcpt rcpt) {
                    assertFalse(rcpt.recipient().address().isNull());
                    assertTrue(rcpt.recipient().address().external().chars().noneMatch(Character::isISOControl));
                }
            }
        }
    }
}
