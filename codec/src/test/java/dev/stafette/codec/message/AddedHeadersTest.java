// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.address.MailAddress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AddedHeadersTest {
    /** 2024-02-09 07:05:03 UTC. */
    private static final long MOMENT_MS = 1_707_462_303_999L;

    private final MailDate date = new MailDate(ZoneId.of("UTC"));

    private String write(ReceivedHeader header, @Nullable MailAddress recipient) {
        ByteBuf out = Unpooled.buffer();
        header.write("4TWXyz1", recipient, date, MOMENT_MS, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void writesReceivedForOneRecipient() {
        ReceivedHeader header = ReceivedHeader.ofClient(
                "c.test", "client.test", "192.0.2.1", List.of(), "mx.b.test", "Stafette", "ESMTP");
        assertEquals(
                "Received: from c.test (client.test [192.0.2.1])\r\n\tby mx.b.test (Stafette) with ESMTP id 4TWXyz1\r\n"
                        + "\tfor <\"a b\"@b.test>; Fri,  9 Feb 2024 07:05:03 +0000 (UTC)\r\n",
                write(header, MailAddress.of("a b", "b.test")));
    }

    @Test
    void namesNoRecipientWhenThereAreSeveral() {
        ReceivedHeader header =
                ReceivedHeader.ofClient("c.test", "unknown", "IPv6:::1", List.of(), "mx.b.test", "Stafette", "SMTP");
        assertEquals(
                "Received: from c.test (unknown [IPv6:::1])\r\n\tby mx.b.test (Stafette) with SMTP id 4TWXyz1;\r\n"
                        + "\tFri,  9 Feb 2024 07:05:03 +0000 (UTC)\r\n",
                write(header, null));
    }

    @Test
    void namesARecipientInOtherScriptsOnlyWhereUtf8IsSpoken() {
        MailAddress recipient = MailAddress.of("δ", "b.test");
        ReceivedHeader plain = ReceivedHeader.ofClient("c", "c", "192.0.2.1", List.of(), "b", "Stafette", "ESMTP");
        ReceivedHeader utf8 = ReceivedHeader.ofClient("c", "c", "192.0.2.1", List.of(), "b", "Stafette", "UTF8SMTP");
        assertEquals(false, write(plain, recipient).contains("for <"));
        assertEquals(true, write(utf8, recipient).contains("with UTF8SMTP id 4TWXyz1\r\n\tfor <δ@b.test>; "));
    }

    @Test
    void writesReceivedForALocalUser() {
        assertEquals(
                "Received: by mx.b.test (Stafette, from userid 1000)\r\n"
                        + "\tid 4TWXyz1; Fri,  9 Feb 2024 07:05:03 +0000 (UTC)\r\n",
                write(ReceivedHeader.ofUser(1000, "mx.b.test", "Stafette"), MailAddress.of("a", "b.test")));
    }

    @Test
    void printsDatesOfAnyZone() {
        assertEquals("Thu,  1 Jan 1970 00:00:00 +0000 (UTC)", date.text(0));
        assertEquals("Wed, 31 Dec 1969 23:59:59 +0000 (UTC)", date.text(-1));
        assertEquals("Thu,  1 Jan 1970 00:00:00 +0000 (UTC)", date.text(999));
        assertEquals("Thu,  1 Jan 1970 00:00:01 +0000 (UTC)", date.text(1000));
        MailDate berlin = new MailDate(ZoneId.of("Europe/Berlin"));
        assertEquals("Fri,  9 Feb 2024 08:05:03 +0100 (CET)", berlin.text(MOMENT_MS));
        assertEquals("Sat, 10 Aug 2024 09:05:03 +0200 (CEST)", berlin.text(MOMENT_MS + 183L * 86_400_000));
        String west = new MailDate(ZoneOffset.ofHoursMinutes(-3, -30)).text(MOMENT_MS);
        assertEquals("Fri,  9 Feb 2024 03:35:03 -0330", west.substring(0, 31));
    }

    @Test
    void makesMessageIdsInPostfixsForm() {
        assertEquals("<20240209070503.4TWXyz1@mx.b.test>", MessageIds.text(MOMENT_MS, "4TWXyz1", "mx.b.test"));
        ByteBuf out = Unpooled.buffer();
        MessageIds.write(MOMENT_MS, "4TWXyz1", "mx.b.test", out);
        assertEquals("<20240209070503.4TWXyz1@mx.b.test>", out.toString(StandardCharsets.US_ASCII));
    }
}
