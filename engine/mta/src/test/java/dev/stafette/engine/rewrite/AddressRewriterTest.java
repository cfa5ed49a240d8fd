// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.table.Inquiry;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRewriterTest {
    private final AddressClasses classes = new AddressClasses(
            DomainList.of(List.of("b.test", "localhost")),
            DomainList.of(List.of("relay.test", "b.test")),
            Set.of(
                    NetUtil.createInetAddressFromIpAddressString("127.0.0.1"),
                    NetUtil.createInetAddressFromIpAddressString("::1")));
    private final AddressRewriter rewriter = AddressRewriter.of("b.test", classes);

    private static MailAddress address(String text) {
        MailAddress address = AddressParser.parse(text);
        if (address == null) {
            throw new IllegalArgumentException(text);
        }
        return address;
    }

    @ParameterizedTest
    @CsvSource({
        "u@b.test, LOCAL",
        "u@B.Test, LOCAL",
        "u@localhost, LOCAL",
        "u, LOCAL",
        "u@[127.0.0.1], LOCAL",
        "u@[IPv6:::1], LOCAL",
        "u@[ipv6:0:0:0:0:0:0:0:1], LOCAL",
        "u@[127.0.0.2], OTHER",
        "u@[IPv6:::2], OTHER",
        "u@relay.test, RELAY",
        "u@sub.relay.test, OTHER",
        "u@elsewhere.test, OTHER",
    })
    void tellsTheClassesApart(String text, AddressClass expected) {
        assertEquals(expected, classes.classOf(address(text), Inquiry.BLOCKING));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        u                       | u@b.test
        postmaster              | postmaster@b.test
        u@x.test                | u@x.test
        u%y.test@x.test         | u%y.test@x.test
        u%y.test@b.test         | u@y.test
        u%y.test                | u@y.test
        y.test!u                | u@y.test
        y.test!z.test!u         | z.test!u@y.test
        b.test!z.test!u         | u@z.test
        u%z.test%b.test@b.test  | u@z.test
        "u@y.test"@b.test       | u@y.test
        u%b.test%b.test%b.test@b.test | u@b.test
        !u                      | !u@b.test
        u%@b.test               | u%@b.test
        "u v!w"@b.test          | "u v!w"@b.test
        "u@v w"@b.test          | "u@v w"@b.test
        """)
    void followsRoutesInLocalParts(String given, String expected) {
        assertEquals(expected, rewriter.follow(address(given), Inquiry.BLOCKING).external());
    }

    @Test
    void leavesWhatIsCompleteAlone() {
        MailAddress complete = address("u@x.test");
        assertSame(complete, rewriter.complete(complete));
        assertSame(complete, rewriter.follow(complete, Inquiry.BLOCKING));
        assertSame(MailAddress.NULL, rewriter.complete(MailAddress.NULL));
    }

    @Test
    void keepsARouteInQuotesWhereTheConfigurationSaysSo() {
        AddressRewriter trusting =
                AddressRewriter.of(FakeHost.settings("myorigin = b.test", "resolve_dequoted_address = no"), classes);
        assertEquals(
                "\"u@y.test\"@b.test",
                trusting.follow(address("\"u@y.test\"@b.test"), Inquiry.BLOCKING)
                        .external());
        assertEquals(
                "u@y.test",
                trusting.follow(address("u%y.test@b.test"), Inquiry.BLOCKING).external());
    }
}
