// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AddressKeysTest {
    private static final AddressKeys KEYS = new AddressKeys(
            new AddressClasses(
                    DomainList.of(List.of("b.test")),
                    DomainList.of(List.of()),
                    Set.of(NetUtil.createInetAddressFromIpAddressString("127.0.0.1"))),
            "origin.test",
            "+-",
            true,
            "double-bounce");

    private static Stream<String> cases() throws IOException {
        try (InputStream in = AddressKeysTest.class.getResourceAsStream("address-keys.txt")) {
            String text = new String(assertInstanceOf(InputStream.class, in).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#"));
        }
    }

    private static MailAddress address(String text) {
        return assertInstanceOf(MailAddress.class, AddressParser.parse(text));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void asksForKeysInPostfixOrder(String line) {
        String[] fields = line.split("\\|");
        MailAddress address = address(fields[1].strip().replace('~', ' '));
        RowTable table = new RowTable();
        List<Table> tables = List.of(table);
        switch (fields[0].strip()) {
            case "find" -> KEYS.find(tables, address, Inquiry.BLOCKING);
            case "route" -> KEYS.findRoute(tables, address, false, Inquiry.BLOCKING);
            case "parent" -> KEYS.findRoute(tables, address, true, Inquiry.BLOCKING);
            case "access" -> KEYS.findAccess(tables, address, false, Inquiry.BLOCKING);
            default -> throw new IllegalArgumentException(line);
        }
        assertEquals(
                List.of(fields[2].strip().split(" ")),
                table.asked.stream().map(key -> key.replace(' ', '~')).toList());
    }

    @Test
    void tellsWhatTheKeyDidNotHave() {
        List<Table> tables = List.of(new RowTable("u@x.test", "1", "u+f@x.test", "2", "@y.test", "3", "v", "4"));
        assertEquals(
                "+e", KEYS.find(tables, address("u+e@x.test"), Inquiry.BLOCKING).extension());
        assertEquals(
                "", KEYS.find(tables, address("u+f@x.test"), Inquiry.BLOCKING).extension());
        assertEquals(
                "", KEYS.find(tables, address("u+f@y.test"), Inquiry.BLOCKING).extension());
        assertEquals(
                "-e", KEYS.find(tables, address("v-e@b.test"), Inquiry.BLOCKING).extension());
    }

    @Test
    void asksAllTablesForAKeyBeforeTheNextKey() {
        List<Table> tables = List.of(new RowTable("@x.test", "domain"), new RowTable("u@x.test", "user"));
        assertEquals(
                "user",
                KEYS.find(tables, address("u+e@x.test"), Inquiry.BLOCKING)
                        .answer()
                        .value());
    }

    @Test
    void asksPatternsForTheWholeAddressAlone() {
        RowTable patterns = new RowTable().ofPatterns();
        assertEquals(AddressMatch.NOT_FOUND, KEYS.find(List.of(patterns), address("u+e@b.test"), Inquiry.BLOCKING));
        assertEquals(List.of("u+e@b.test"), patterns.asked);
    }

    @Test
    void goesNoFurtherWhereATableDoesNotAnswer() {
        RowTable mute = new RowTable().mute();
        RowTable later = new RowTable("u@x.test", "1");
        AddressMatch match = KEYS.find(List.of(mute, later), address("u+e@x.test"), Inquiry.BLOCKING);
        assertEquals(Finding.UNAVAILABLE, match.answer().finding());
        assertTrue(later.asked.isEmpty());
    }

    @Test
    void takesAnEmptyTextForTrouble() {
        List<Table> tables = List.of(new RowTable("u@x.test", ""));
        assertEquals(
                Finding.UNAVAILABLE,
                KEYS.find(tables, address("u@x.test"), Inquiry.BLOCKING)
                        .answer()
                        .finding());
    }
}
