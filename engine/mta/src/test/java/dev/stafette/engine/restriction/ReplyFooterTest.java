// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.table.types.TableTypes;
import io.netty.util.NetUtil;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyFooterTest {
    private static final SmtpReply DENIED = SmtpReply.of(554, EnhancedStatus.of(5, 7, 1), "no");

    private final List<String> warnings = new ArrayList<>();
    private final ListTables tables = new OpenTables(new TableHost(
            TableTypes::open, Path.of("/"), text -> text, warning -> {}, System::nanoTime, Runnable::run));

    private String add(SmtpReply reply, String... mainCf) {
        Facts facts = new Facts(
                new ClientFacts(NetUtil.createInetAddressFromIpAddressString("192.0.2.7"), "c.test", Finding.FOUND),
                "h.test",
                null,
                null,
                null,
                "",
                MessageFacts.NONE,
                new ConnectionFacts("SMTP", 4711, null, "", null, LoginFacts.NONE, null));
        ReplyFooter footer = ReplyFooter.of(FakeHost.settings(String.join("\n", mainCf)), tables);
        return assertInstanceOf(ReplyFooter.class, footer)
                .addTo(reply, facts, 0, warnings::add)
                .toString();
    }

    @Test
    void isNoneByDefault() {
        assertNull(ReplyFooter.of(FakeHost.settings(""), tables));
    }

    @Test
    void standsBelowRefusalsWithTheirCode() {
        String footer = "smtpd_reject_footer = from $client_address:$client_port\\n$helo_name";
        assertEquals("554-5.7.1 no\r\n554-5.7.1 from 192.0.2.7:4711\r\n554 5.7.1 h.test\r\n", add(DENIED, footer));
        assertEquals("502-x\r\n502 y\r\n", add(SmtpReply.of(502, "x"), "smtpd_reject_footer = y"));
        assertEquals("250 ok\r\n", add(SmtpReply.of(250, "ok"), footer));
    }

    @Test
    void goesOnInTheSameLineWhenAsked() {
        assertEquals("554 5.7.1 no, sorry\r\n", add(DENIED, "smtpd_reject_footer = \\c, sorry"));
    }

    @Test
    void saysTheTimeOfTheReply() {
        assertEquals(
                "554 5.7.1 no at JJJ 01\r\n",
                add(DENIED, "smtpd_reject_footer = \\c at $localtime")
                        .replaceAll("(Dec 31|Jan 01) ..:..:..", "JJJ 01"));
    }

    @Test
    void comesOfTablesFirst() {
        String map = "smtpd_reject_footer_maps = inline:{{554 5.7.1 no=\\c mapped}, {502 x = $$(x}}";
        assertEquals("554 5.7.1 no mapped\r\n", add(DENIED, map, "smtpd_reject_footer = other"));
        assertEquals("450-x\r\n450 other\r\n", add(SmtpReply.of(450, "x"), map, "smtpd_reject_footer = other"));
        assertEquals(List.of(), warnings);
        assertEquals("502 x\r\n", add(SmtpReply.of(502, "x"), map));
        assertEquals(1, warnings.size());
    }
}
