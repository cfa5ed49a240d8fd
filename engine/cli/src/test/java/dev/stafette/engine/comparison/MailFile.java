// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.codec.testing.Dialogue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file of messages and what became of each, in the grammar that all dialogues share ({@link Dialogue}); blocks and settings
 * are as in {@link CaseFile}.
 *
 * <pre>
 * == title
 * @from 127.0.0.7        where it is handed in from; 127.0.0.1 when it does not say
 * E: sender -&gt; recipient,recipient
 * H: field               of its header; From: s@a.test and To: x@d.test without any
 * S: command: reply      what was refused when it was handed in
 * M: site sender -&gt; recipients     what arrived at a site, as the arguments of MAIL and RCPT
 * X: NAME=x ADDR=y       of XFORWARD before it; the port, and the queue id of its log, are *
 * B: field               of the header that arrived, without Received, Date, Message-Id
 * L: to=&lt;x&gt;, relay=…    what the log says of a recipient, without delays
 * </pre>
 * In settings and tables, %sink is the port of all sites (127.0.0.11 to .16), %closedport one where nobody listens.
 */
record MailFile(List<String> settings, List<String> names, List<Block> blocks, List<List<MailCase>> cases) {
    private static final String DEFAULT_FROM = "127.0.0.1";
    private static final List<String> DEFAULT_FIELDS = List.of("From: s@a.test", "To: x@d.test");
    private static final String BLOCK = "block ";

    private static final List<String> HEAD = List.of(
            "# What Debian's Postfix 3.7 does: see MailFile for the grammar. All but @, E: and H: is recorded, not written by hand:",
            "# RoutingComparisonIT with -Drouting.record=DIRECTORY; other remarks than these are lost.",
            "");

    static MailFile read(String resource) throws IOException {
        List<Block> blocks = new ArrayList<>();
        List<List<MailCase>> cases = new ArrayList<>();
        List<Dialogue.Section> sections = Dialogue.read(MailFile.class, resource);
        for (Dialogue.Section section : sections.subList(1, sections.size())) {
            if (section.title().startsWith(BLOCK)) {
                blocks.add(new Block(
                        section.title().substring(BLOCK.length()),
                        section.texts("@"),
                        CaseFile.tables(section),
                        List.of()));
                cases.add(new ArrayList<>());
            } else {
                cases.get(cases.size() - 1).add(read(section));
            }
        }
        return new MailFile(sections.get(0).texts("@"), sections.get(0).texts("@dns"), blocks, cases);
    }

    private static MailCase read(Dialogue.Section section) {
        String[] ends = section.texts("E:").get(0).split(" -> ");
        List<String> from = section.texts("@from");
        List<String> header = section.texts("H:");
        return new MailCase(
                section.title(),
                from.isEmpty() ? DEFAULT_FROM : from.get(0),
                ends[0].equals("<>") ? "" : ends[0],
                Arrays.asList(ends[1].split(",")),
                header.isEmpty() ? DEFAULT_FIELDS : header,
                section.lines().stream()
                        .filter(line -> "SMXBL".indexOf(line.key().charAt(0)) >= 0)
                        .map(Dialogue.Line::toString)
                        .toList());
    }

    /** The same with other outcomes, by block and case. */
    List<String> print(List<List<List<String>>> outcomes) {
        List<String> out = new ArrayList<>(HEAD);
        out.add("== everywhere");
        settings.forEach(line -> out.add("@ " + line));
        names.forEach(line -> out.add("@dns " + line));
        for (int i = 0; i < blocks.size(); i++) {
            out.add("");
            out.addAll(CaseFile.print(blocks.get(i)));
            for (int j = 0; j < cases.get(i).size(); j++) {
                print(cases.get(i).get(j).withOutcome(outcomes.get(i).get(j)), out);
            }
        }
        return out;
    }

    private static void print(MailCase one, List<String> out) {
        out.add("");
        out.add("== " + one.title());
        if (!one.from().equals(DEFAULT_FROM)) {
            out.add("@from " + one.from());
        }
        out.add("E: " + (one.sender().isEmpty() ? "<>" : one.sender()) + " -> " + String.join(",", one.recipients()));
        if (!one.header().equals(DEFAULT_FIELDS)) {
            one.header().forEach(field -> out.add("H: " + field));
        }
        out.addAll(one.outcome());
    }
}
