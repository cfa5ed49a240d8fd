// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.EnvelopeRewriter;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.table.types.TableTypes;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipientExistenceTest {
    private static final String WELCOME = "250 2.1.5 Ok";

    private final OpenTables tables = new OpenTables(new TableHost(
            TableTypes::open, Path.of("/"), text -> text, warning -> {}, System::nanoTime, Runnable::run));

    private static String resource(String name) throws IOException {
        try (InputStream in = RecipientExistenceTest.class.getResourceAsStream(name)) {
            return new String(assertInstanceOf(InputStream.class, in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Stream<String> cases() throws IOException {
        return resource("existence.txt").lines().filter(line -> !line.startsWith("#"));
    }

    private static MailAddress address(String text) {
        return text.isEmpty() ? MailAddress.NULL : assertInstanceOf(MailAddress.class, AddressParser.parse(text), text);
    }

    private static String answer(String recipient, String sender, ListTables tables, String... mainCf) {
        Settings settings = FakeHost.settings("compatibility_level = 3.6\n" + String.join("\n", mainCf));
        AddressClasses classes = AddressClasses.of(settings, tables);
        EnvelopeRewriter rewriter = new EnvelopeRewriter(AddressRewriter.of(settings, classes));
        MailAddress target = rewriter.recipient(address(recipient), Inquiry.BLOCKING);
        Facts facts = new Facts(
                new ClientFacts(NetUtil.createInetAddressFromIpAddressString("127.0.0.1"), "localhost", Finding.FOUND),
                "c.test",
                address(sender),
                RecipientRoutes.of(settings, classes, tables)
                        .facts(address(recipient), target, address(sender), Inquiry.BLOCKING),
                "");
        @Nullable
        SmtpReply refusal = Restrictions.of(settings, tables, TestSources.none())
                .atRecipient(facts, Inquiry.BLOCKING, null)
                .refusal();
        return refusal == null ? WELCOME : refusal.toString().strip();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersAsPostfixDoes(String line) throws IOException {
        String[] fields = line.split(" \\| ");
        String sender = fields[1].substring(1, fields[1].length() - 1);
        assertEquals(fields[2], answer(fields[0], sender, tables, resource("existence.cf")));
    }

    @ParameterizedTest
    @CsvSource({
        "q@b.test, unknown_local_recipient_reject_code",
        "q@va.test, unknown_virtual_alias_reject_code",
        "q@vm.test, unknown_virtual_mailbox_reject_code",
        "q@relay.test, unknown_relay_recipient_reject_code",
    })
    void refusesForNowWhereTheCodeSaysSo(String recipient, String parameter) throws IOException {
        assertEquals(
                "450 4.1.1 <" + recipient + ">: Recipient address rejected: User unknown",
                answer(
                        recipient,
                        "",
                        tables,
                        resource("existence.cf"),
                        parameter + " = 450",
                        "show_user_unknown_table_name = no"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"q@b.test", "q@va.test", "q@vm.test", "q@relay.test", "u@err.test"})
    void takesWhatItIsToldToTake(String recipient) throws IOException {
        assertEquals(
                WELCOME,
                answer(recipient, "", tables, resource("existence.cf"), "smtpd_reject_unlisted_recipient = no"));
        assertEquals(
                WELCOME,
                answer(
                        recipient,
                        "",
                        tables,
                        resource("existence.cf"),
                        "receive_override_options = no_unknown_recipient_checks"));
    }

    @ParameterizedTest
    @CsvSource({
        "u@b.test, local_recipient_maps",
        "u@b.test, virtual_alias_maps",
        "u@b.test, relocated_maps",
        "u@x.test, transport_maps",
        "u@x.test, sender_dependent_default_transport_maps",
        "u@vm.test, virtual_mailbox_maps",
        "u@relay.test, relay_recipient_maps",
    })
    void refusesForNowWhileATableDoesNotAnswer(String recipient, String parameter) {
        FakeTables mute = new FakeTables().table("hash:any", "unlikely");
        assertEquals(
                "451 4.3.0 <" + recipient + ">: Temporary lookup failure",
                answer(
                        recipient,
                        "s@y.test",
                        mute,
                        "mydestination = b.test",
                        "virtual_alias_domains =",
                        "virtual_mailbox_domains = vm.test",
                        "relay_domains = relay.test",
                        "local_recipient_maps = hash:any",
                        parameter + " = mute:x"));
    }

    /** RFC 5321 §4.5.1. */
    @ParameterizedTest
    @ValueSource(strings = {"postmaster@b.test", "PostMaster@b.test", "mailer-daemon@b.test", "double-bounce@b.test"})
    void knowsThoseWhoAreAlwaysThereWithoutATable(String recipient) {
        FakeTables mute = new FakeTables();
        assertEquals(WELCOME, answer(recipient, "", mute, "mydestination = b.test", "local_recipient_maps = mute:x"));
    }

    /** What goes off this host and has no table costs no look-up. */
    @Test
    void asksOnlyTheTablesOfAliasesForWhatItCannotKnow() {
        FakeTables asked = new FakeTables().table("hash:a");
        answer(
                "u@x.test",
                "",
                asked,
                "virtual_alias_domains =",
                "virtual_alias_maps = hash:a",
                "relay_recipient_maps = hash:a",
                "local_recipient_maps = hash:a");
        assertEquals("u@x.test @x.test", String.join(" ", asked.asked).toLowerCase(Locale.ROOT));
    }
}
