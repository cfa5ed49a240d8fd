// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.codec.testing.Dialogue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of cases, in the grammar that all dialogues share ({@link Dialogue}).
 *
 * <pre>
 * == everywhere          what all blocks have
 * @ name = value         a line of main.cf
 * @dns name type value   a record of the name server: address, mx, nullmx, ns, pointer, text, alias, empty, fail
 * == block NAME          a configuration; its cases follow
 * @ name = value         a line of main.cf
 * @table type name       a table of the block, %tables/name in its settings; type text: no postmap builds it
 * R: key value           a line of its source
 * == title               a case; titles are unique in their block
 * @from 127.0.0.7        where the client comes from; other words are those of XCLIENT
 * C: text                a command
 * S: text                a line of its reply, as Postfix said it; &lt;close&gt; when there is none any more
 * </pre>
 *
 * A case that does not begin with HELO or EHLO has {@code EHLO c.test} in front, and one that begins with RCPT
 * {@code MAIL FROM:<s@a.test>}, too. In settings, %policy is the address of the policy server, %closed one where nobody listens.
 *
 * @param settings lines of main.cf of all blocks
 * @param names records of the name server
 */
record CaseFile(List<String> settings, List<String> names, List<Block> blocks) {
    private static final String DEFAULT_FROM = "127.0.0.7";
    private static final String EVERYWHERE = "everywhere";
    private static final String BLOCK = "block ";

    private static final List<String> HEAD = List.of(
            "# What Debian's Postfix 3.7 says: see CaseFile for the grammar. Replies and order are recorded, not written by hand:",
            "# its test with -Dpolicy.record=DIRECTORY, or whatever room it is in; other remarks than these are lost.",
            "");

    static CaseFile read(String resource) throws IOException {
        List<Block> blocks = new ArrayList<>();
        List<Dialogue.Section> sections = Dialogue.read(CaseFile.class, resource);
        for (Dialogue.Section section : sections) {
            if (section.title().startsWith(BLOCK)) {
                String name = section.title().substring(BLOCK.length());
                blocks.add(new Block(name, section.texts("@"), tables(section), new ArrayList<>()));
            } else if (!section.title().equals(EVERYWHERE)) {
                blocks.get(blocks.size() - 1).cases().add(read(section));
            }
        }
        return new CaseFile(sections.get(0).texts("@"), sections.get(0).texts("@dns"), blocks);
    }

    static Map<String, String> tables(Dialogue.Section section) {
        Map<String, String> tables = new LinkedHashMap<>();
        String table = "";
        for (Dialogue.Line line : section.lines()) {
            if (line.key().equals("@table")) {
                table = line.text();
                tables.put(table, "");
            } else if (line.key().equals("R:")) {
                tables.merge(table, line.text() + "\n", String::concat);
            }
        }
        return tables;
    }

    private static Case read(Dialogue.Section section) {
        String from = DEFAULT_FROM;
        List<Case.Exchange> exchanges = new ArrayList<>();
        for (Dialogue.Line line : section.lines()) {
            switch (line.key()) {
                case "@from" -> from = line.text();
                case "C:" -> exchanges.add(new Case.Exchange(line.text(), new ArrayList<>()));
                case "S:" -> exchanges.get(exchanges.size() - 1).reply().add(line.text());
                default -> throw new IllegalArgumentException(section.title() + ": " + line);
            }
        }
        return new Case(section.title(), from, exchanges);
    }

    /** What Postfix has said, by block, case and command. */
    List<List<List<List<String>>>> replies() {
        return blocks.stream()
                .map(block -> block.cases().stream().map(Case::replies).toList())
                .toList();
    }

    /** The same with other replies, by block and case. */
    List<String> print(List<List<List<List<String>>>> replies) {
        List<String> out = new ArrayList<>(HEAD);
        out.add("== " + EVERYWHERE);
        settings.forEach(line -> out.add("@ " + line));
        names.forEach(line -> out.add("@dns " + line));
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            out.add("");
            out.addAll(print(block));
            for (int j = 0; j < block.cases().size(); j++) {
                print(block.cases().get(j).answered(replies.get(i).get(j)), out);
            }
        }
        return out;
    }

    static List<String> print(Block block) {
        List<String> out = new ArrayList<>(List.of("== " + BLOCK + block.name()));
        block.settings().forEach(line -> out.add("@ " + line));
        block.tables().forEach((name, text) -> {
            out.add("@table " + name);
            text.lines().forEach(line -> out.add("R: " + line));
        });
        return out;
    }

    private static void print(Case one, List<String> out) {
        out.add("");
        out.add("== " + one.title());
        if (!one.from().equals(DEFAULT_FROM)) {
            out.add("@from " + one.from());
        }
        for (Case.Exchange exchange : one.exchanges()) {
            out.add("C: " + exchange.command());
            exchange.reply().forEach(line -> out.add("S: " + line));
        }
    }
}
