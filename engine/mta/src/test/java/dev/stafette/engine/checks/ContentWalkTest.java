// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.MimeFault;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.table.Inquiry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContentWalkTest {
    private static final String MESSAGE = """
        Subject: x
        X-Drop: 1
        Content-Type: multipart/mixed; boundary=b

        drop
        .. begins with a dot
        --b
        X-Drop: 2
         and more
        X-Replace: 3

        replace
        --b
        Content-Type: message/rfc822

        X-Drop: 4
        X-Prepend: 5

        prepend
        dot
        -
        --b--
        drop
        """;

    private static final String CHANGED = """
        Subject: x
        Content-Type: multipart/mixed; boundary=b

        .. begins with a dot
        --b
        X-Replaced: yes

        replaced
        --b
        Content-Type: message/rfc822

        X-Before: 1
        X-Prepend: 5

        before
        prepend
        ..
        -
        --b--
        """;

    private final RuleTable table = new RuleTable(
            "X-Drop",
            "drop",
            "X-Replace",
            "replace X-Replaced: yes",
            "X-Prepend",
            "prepend X-Before: 1",
            "drop",
            "drop",
            "replace",
            "replace replaced",
            "prepend",
            "prepend before",
            "dot",
            "replace .");

    private final List<String> heard = new ArrayList<>();
    private final Set<String> answered = new HashSet<>();
    private boolean hesitates;
    private boolean over;

    private final CheckListener listener = new CheckListener() {
        @Override
        public Edit onFound(CheckPart part, String map, String content, String result) {
            heard.add(map + ": " + content);
            String text = result.substring(result.indexOf(' ') + 1);
            return switch (result.split(" ")[0]) {
                case "drop" -> Edit.DROP;
                case "replace" -> Edit.replace(text);
                case "prepend" -> Edit.prepend(text);
                default -> Edit.KEEP;
            };
        }

        @Override
        public void onUnavailable(String map) {
            heard.add(map + " is unavailable");
            over = true;
        }

        @Override
        public void onEmptyResult(String map, String content) {
            heard.add(map + " has nothing");
        }

        @Override
        public void onRejectedCharacter(String content) {
            heard.add("character in " + content);
        }

        @Override
        public void onFault(MimeFault fault, String content) {
            heard.add(fault + ": " + content);
        }

        @Override
        public boolean isOver() {
            return over;
        }
    };

    private ContentRules rules(String... mainCf) {
        return ContentRules.of(FakeHost.settings(mainCf), spec -> table);
    }

    private ContentWalk walk(ContentRules rules) {
        return new ContentWalk(
                rules,
                listener,
                (tables, key) ->
                        hesitates && answered.add(tables.name() + key) ? null : tables.find(key, Inquiry.BLOCKING),
                UnpooledByteBufAllocator.DEFAULT);
    }

    private static ByteBuf wire(String text) {
        return Unpooled.copiedBuffer(text.replace("\n", "\r\n"), StandardCharsets.ISO_8859_1);
    }

    /** The message in two pieces; {@code first}: bytes of its text in the first of them. */
    private String walked(ContentRules rules, String message, int first) {
        over = false;
        answered.clear();
        ContentWalk walk = walk(rules);
        ByteBuf all = wire(message + ".\n");
        HeaderFields header = new HeaderFields();
        header.scan(all);
        while (!walk.walkHeader(header)) {
            // The table has its answer by now.
        }
        ByteBuf head = Unpooled.buffer();
        int kept = header.write(head);
        head.writeBytes(all, kept, header.textOffset() - kept);
        StringBuilder out = new StringBuilder(head.toString(StandardCharsets.ISO_8859_1));
        ByteBuf text = all.slice(header.textOffset(), all.readableBytes() - header.textOffset());
        ByteBuf piece = Unpooled.buffer().writeBytes(text, Math.min(first, text.readableBytes()));
        take(walk, piece, false, out);
        piece.writeBytes(text);
        take(walk, piece, true, out);
        assertEquals(0, piece.readableBytes());
        walk.close();
        return out.toString().replace("\r\n", "\n").replaceFirst("\\.\n$", "");
    }

    private static void take(ContentWalk walk, ByteBuf piece, boolean isLast, StringBuilder out) {
        while (!walk.walk(piece, isLast)) {
            // As above.
        }
        int length = walk.walkedBytes();
        ByteBuf changed = walk.endPiece(piece);
        ByteBuf passed = changed == null ? piece.slice(piece.readerIndex(), length) : changed;
        out.append(passed.toString(StandardCharsets.ISO_8859_1));
        piece.skipBytes(length);
        if (changed != null) {
            changed.release();
        }
    }

    @Test
    void changesTheSameWhereverTheMessageIsSplit() {
        ContentRules rules = rules("header_checks = x:y", "body_checks = x:y");
        for (int i = 0; i < MESSAGE.length() + 30; i++) {
            heard.clear();
            assertEquals(CHANGED, walked(rules, MESSAGE, i), "split at " + i);
            assertEquals(10, heard.size(), heard::toString);
        }
    }

    @Test
    void changesTheSameWhenTheTableIsSlow() {
        hesitates = true;
        assertEquals(CHANGED, walked(rules("header_checks = x:y", "body_checks = x:y"), MESSAGE, 40));
        assertEquals(new HashSet<>(table.asked).size(), table.asked.size() - 1, "each is asked for once, drop twice");
    }

    @Test
    void leavesAloneWhatNothingChanges() {
        ContentRules rules = rules("body_checks = x:y");
        ContentWalk walk = walk(rules);
        ByteBuf all = wire("Subject: x\n\nkeep\n..this\n.\n");
        HeaderFields header = new HeaderFields();
        header.scan(all);
        assertTrue(walk.walkHeader(header));
        ByteBuf text = all.slice(header.textOffset(), all.readableBytes() - header.textOffset());
        assertTrue(walk.walk(text, true));
        assertEquals(text.readableBytes(), walk.walkedBytes());
        assertNull(walk.endPiece(text));
        assertEquals(List.of("keep", ".this"), table.asked);
    }

    @Test
    void looksAtNoBodyWhereOnlyHeadersCountAndThereAreNoParts() {
        ContentWalk walk = walk(rules("header_checks = x:y"));
        HeaderFields header = new HeaderFields();
        header.scan(wire("Subject: x\n\nkeep\n.\n"));
        assertTrue(walk.walkHeader(header));
        assertTrue(walk.isOver());
    }

    @Test
    void looksAtALongLineInPieces() {
        ContentRules rules = rules("body_checks = x:y", "line_length_limit = 512");
        String line = "drop" + "a".repeat(508) + "prepend" + "b".repeat(505) + ".c";
        String changed = "before\nprepend" + "b".repeat(505) + ".c\n";
        assertEquals("Subject: x\n\n" + changed, walked(rules, "Subject: x\n\n" + line + "\n", 700));
    }

    @Test
    void keepsAFieldWholeThatIsLongerThanWhatIsLookedAt() {
        ContentRules rules = rules("header_checks = x:y", "header_size_limit = 600", "line_length_limit = 512");
        String parts = "Content-Type: multipart/mixed; boundary=b\n\n--b\n";
        String field = "X-Drop: 1\n" + (" " + "f".repeat(70) + "\n").repeat(20);
        assertEquals(parts + "X-Other: 1\n", walked(rules, parts + field + "X-Other: 1\n", 900));
        String other = field.replace("X-Drop", "X-Keep");
        assertEquals(parts + other + "X-Other: 1\n", walked(rules, parts + other + "X-Other: 1\n", 900));
    }

    @Test
    void keepsOctetsThatAreNotUtf8() {
        RuleTable latin = new RuleTable("\u00e9", "replace <\u00e9>", "\u20ac", "replace <\u20ac>");
        ContentRules rules = ContentRules.of(FakeHost.settings("body_checks = x:y"), spec -> latin);
        assertEquals(
                "Subject: x\n\n<\u00e9>\n<\u00e2\u0082\u00ac>\n",
                walked(rules, "Subject: x\n\n\u00e9\n\u00e2\u0082\u00ac\n", 0));
    }

    @Test
    void endsWhenATableCannotTell() {
        RuleTable mute = new RuleTable("second", "unavailable");
        ContentRules rules = ContentRules.of(FakeHost.settings("body_checks = x:y"), spec -> mute);
        walked(rules, "Subject: x\n\nfirst\nsecond\nthird\n", 0);
        assertEquals(List.of("first", "second"), mute.asked);
        assertEquals(List.of("body_checks is unavailable"), heard);
    }

    @Test
    void takesNoInterestWhereNothingIsSet() {
        assertNull(ContentRules.of(FakeHost.settings("mime_nesting_limit = 5"), spec -> table));
        assertFalse(rules("strict_8bitmime = yes").faults().isEmpty());
    }

    @Test
    void readsCharactersAsCDoes() {
        for (Map.Entry<String, String> one :
                Map.of("a\\101\\n", "aA\n", "\\0\\\\", "\0\\", "\\7x", "\7x").entrySet()) {
            OctetSet set = OctetSet.parse(one.getKey());
            for (int octet = 0; octet < 256; octet++) {
                assertEquals(one.getValue().indexOf(octet) >= 0, set.has((byte) octet), one.getKey() + octet);
            }
        }
    }
}
