// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A file of cases, in the grammar of the other dialogues as far as that goes.
 *
 * <pre>
 * # a comment
 * @ name = value         a line of main.cf: of all blocks before the first of them, then of its block
 * @dns name type value   a record of the name server: address, mx, ns, pointer, text, alias, fail, empty
 * == name                a block: a configuration and its cases
 * @table type name       the source of a table of the block, %tables/name in its settings; lines with | follow
 * | key value
 * -- title               a case; titles are unique in their block
 * @from 127.0.0.7        where the client comes from; other words are those of XCLIENT
 * C: text                a command, with the escapes of the other dialogues
 * S: text                a line of its reply, as Postfix said it; &lt;close&gt; when there is none any more
 * </pre>
 *
 * A case that does not begin with HELO or EHLO has {@code EHLO c.test} in front, and one that begins with RCPT
 * {@code MAIL FROM:<s@a.test>}, too; these are answered with 250.
 *
 * @param head what is in front of the first block, as it is in the file
 * @param settings lines of main.cf of all blocks
 * @param names records of the name server
 */
record CaseFile(List<String> head, List<String> settings, List<String> names, List<Block> blocks) {
    private static final String DEFAULT_FROM = "127.0.0.7";

    /** Reads line by line. */
    private static final class Reader {
        private final List<String> head = new ArrayList<>();
        private final List<String> settings = new ArrayList<>();
        private final List<String> names = new ArrayList<>();
        private final List<Block> blocks = new ArrayList<>();
        private List<String> ownSettings = settings;
        private Map<String, String> tables = new LinkedHashMap<>();
        private List<Case> cases = new ArrayList<>();
        private List<Case.Exchange> exchanges = new ArrayList<>();
        private String table = "";

        void read(String line) {
            if (blocks.isEmpty() && !line.startsWith("== ")) {
                head.add(line);
            }
            if (line.startsWith("== ")) {
                ownSettings = new ArrayList<>();
                tables = new LinkedHashMap<>();
                cases = new ArrayList<>();
                blocks.add(new Block(line.substring(3), ownSettings, tables, cases));
            } else if (line.startsWith("@ ")) {
                ownSettings.add(line.substring(2));
            } else if (line.startsWith("@dns ")) {
                names.add(line.substring(5));
            } else if (line.startsWith("@table ")) {
                table = line.substring(7);
                tables.put(table, "");
            } else if (line.startsWith("| ")) {
                tables.merge(table, line.substring(2) + "\n", String::concat);
            } else if (line.startsWith("-- ")) {
                exchanges = new ArrayList<>();
                cases.add(new Case(line.substring(3), DEFAULT_FROM, exchanges));
            } else if (line.startsWith("@from ")) {
                cases.set(
                        cases.size() - 1, new Case(cases.get(cases.size() - 1).title(), line.substring(6), exchanges));
            } else if (line.startsWith("C: ")) {
                exchanges.add(new Case.Exchange(line.substring(3), new ArrayList<>()));
            } else if (line.startsWith("S: ")) {
                exchanges.get(exchanges.size() - 1).reply().add(line.substring(3));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw new IllegalArgumentException(line);
            }
        }
    }

    static CaseFile read(String resource) throws IOException {
        Reader reader = new Reader();
        resource(resource).forEach(reader::read);
        return new CaseFile(reader.head, reader.settings, reader.names, reader.blocks);
    }

    static List<String> resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(CaseFile.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** The same with other replies, by block and case. */
    List<String> print(List<List<List<List<String>>>> replies) {
        List<String> out = new ArrayList<>(head);
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            out.add("== " + block.name());
            block.settings().forEach(line -> out.add("@ " + line));
            block.tables().forEach((name, text) -> {
                out.add("@table " + name);
                text.lines().forEach(line -> out.add("| " + line));
            });
            for (int j = 0; j < block.cases().size(); j++) {
                print(block.cases().get(j).answered(replies.get(i).get(j)), out);
            }
            out.add("");
        }
        return out;
    }

    private static void print(Case one, List<String> out) {
        out.add("-- " + one.title());
        if (!one.from().equals(DEFAULT_FROM)) {
            out.add("@from " + one.from());
        }
        for (Case.Exchange exchange : one.exchanges()) {
            out.add("C: " + exchange.command());
            exchange.reply().forEach(line -> out.add("S: " + line));
        }
    }
}
