// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a client says to a server with {@link ScriptedMilter} in it.
 *
 * @param commands the content of a message is one of them
 * @param arrives a message is delivered
 * @param endsMilter it must be started again
 */
record MilterDialogue(String title, List<String> commands, boolean arrives, boolean endsMilter) {
    private static final String EHLO = "EHLO c.test";
    private static final String MAIL = "MAIL FROM:<s@a.test>";
    private static final String RCPT = "RCPT TO:<u@d.test>";

    /** Of milter_header_checks, each for the field X-Checked with that value. */
    static final List<String> CHECKED = List.of(
            "DUNNO",
            "OK",
            "INFO as it is",
            "WARN",
            "WARN look here",
            "IGNORE",
            "STRIP",
            "STRIP of it",
            "REPLACE X-Other: field",
            "REPLACE",
            "REPLACE no field",
            "PREPEND X-Before: it",
            "PREPEND",
            "REJECT",
            "REJECT not this",
            "REJECT 4.7.9 not now",
            "REJECT 2.0.0 what",
            "DISCARD",
            "DISCARD away",
            "HOLD",
            "HOLD for now",
            "FILTER",
            "FILTER nowhere",
            "FILTER smtp:[127.0.0.11]:%sink",
            "REDIRECT r@d.test",
            "REDIRECT nobody",
            "BCC b@d.test",
            "BCC nobody",
            "PASS",
            "NONSENSE or other");

    private static final Set<String> ENDING = Set.of("REJECT", "DISCARD", "HOLD");

    static final MilterDialogue FIRST = says("the first", "EHLO first.test", "QUIT");

    private static final List<MilterDialogue> FIXED = List.of(
            says("HELO is refused with MAIL", "EHLO do-reject.test", MAIL, RCPT, "VRFY <u@d.test>"),
            says("HELO ends the session", "EHLO do-hangup.test", MAIL),
            says("HELO is enough", "EHLO do-accept.test", MAIL, "RCPT TO:<do-reject@d.test>"),
            says("MAIL", EHLO, "MAIL FROM:<do-tempfail@a.test> SIZE=100 BODY=8BITMIME", RCPT),
            says("MAIL with a reply", EHLO, "MAIL FROM:<do-code@a.test>", MAIL, RCPT),
            says("MAIL with lines", EHLO, "MAIL FROM:<do-lines@a.test>", "MAIL FROM:<>", "RSET", "NOOP"),
            says("RCPT", EHLO, MAIL, "RCPT TO:<do-reject@d.test> NOTIFY=NEVER", "RCPT TO:<do-lines@d.test>", RCPT),
            says("a recipient that is refused by others", EHLO, MAIL, "RCPT TO:<no@d.test>", RCPT),
            says("RCPT hangs up", EHLO, MAIL, "RCPT TO:<do-hangup@d.test>", RCPT),
            says("an unknown command", EHLO, "do-code", "whatever it is"),
            mail("MAIL discards", false, "MAIL FROM:<do-discard@a.test>", RCPT),
            mail("RCPT discards", false, MAIL, "RCPT TO:<do-discard@d.test>"),
            mail("MAIL is enough", true, "MAIL FROM:<do-accept@a.test>", RCPT, "X-Do: eom reject"),
            content("nothing", true),
            content("a field is refused", false, "X-Do: header reject"),
            content("the end of the header", false, "X-Do: eoh tempfail"),
            content("the body", false, "X-Do: body code"),
            content("the body is enough", true, "X-Do: body accept", "X-Change: addheader X-A no"),
            content("the end", false, "X-Do: eom reject"),
            content("the end with lines", false, "X-Do: eom lines"),
            content("the end discards", false, "X-Do: eom discard"),
            content("fields are added", true, "X-Change: addheader X-A one two", "X-Change: addheader X-B a\\n\tb"),
            content(
                    "a field without a fold",
                    true,
                    "X-Change: addheader X-A one\\ntwo",
                    "X-Change: addheader X-C  spaced"),
            content(
                    "fields are inserted",
                    true,
                    "X-Change: insheader 0 X-Top 0",
                    "X-Change: insheader 2 X-Second 2",
                    "X-Change: insheader 50 X-Last 50"),
            content(
                    "fields are changed",
                    true,
                    "Subject: one",
                    "X-Two: a",
                    "X-Two: b",
                    "X-Change: chgheader X-Two 2 second",
                    "X-Change: chgheader X-Two 3 third",
                    "X-Change: chgheader Subject 0 zero",
                    "X-Change: delheader From 1",
                    "X-Change: delheader X-None 1"),
            content(
                    "Received fields are counted without ours",
                    true,
                    "Received: from elsewhere",
                    "X-Change: chgheader Received 1 changed",
                    "X-Change: delheader Received 2"),
            content("the body is replaced", true, "X-Change: replbody new\\n.text\\n..and more"),
            content("the body becomes nothing", true, "X-Change: replbody "),
            content("the body becomes a large one", true, "X-Change: replbig 600"),
            content(
                    "recipients come",
                    true,
                    "X-Change: addrcpt <n@d.test>",
                    "X-Change: addrcpt many@alias.test NOTIFY=NEVER"),
            content("a recipient goes", true, "X-Change: addrcpt <n@d.test>", "X-Change: delrcpt <u@d.test>"),
            mail("an alias goes", true, MAIL, "RCPT TO:<many@alias.test>", RCPT, "X-Change: delrcpt <many@alias.test>"),
            content("the sender changes", true, "X-Change: chgfrom <t@e.test>"),
            content("the sender becomes nobody", true, "X-Change: chgfrom <> X=Y"),
            content("it is held", false, "X-Change: quarantine odd"),
            content("it takes its time", true, "X-Change: progress", "X-Change: addheader X-A late"),
            large("a large one", 300, true),
            large("a large one, of which a piece is enough", 300, true, "X-Do: body skip"),
            large("a large one is replaced", 300, true, "X-Change: replbody small"),
            large("a large one becomes another", 600, true, "X-Change: replbig 700"),
            new MilterDialogue(
                    "two messages",
                    List.of(
                            EHLO,
                            MAIL,
                            RCPT,
                            "DATA",
                            "Subject: x\r\nX-Do: eom reject\r\n\r\nfirst\r\n.",
                            MAIL,
                            RCPT,
                            "DATA",
                            "Subject: y\r\n\r\nsecond\r\n.",
                            "QUIT"),
                    true,
                    false),
            new MilterDialogue(
                    "in chunks", List.of(EHLO, MAIL, RCPT, "BDAT 21 LAST\r\nSubject: y\r\n\r\nin one"), true, false),
            new MilterDialogue(
                    "it dies",
                    List.of(EHLO, MAIL, RCPT, "DATA", "X-Do: eoh die\r\n\r\nx\r\n.", MAIL, RCPT),
                    false,
                    true));

    /** Of the checks every third, and all with {@code -Dlong.milters=true}. */
    static final List<MilterDialogue> ALL =
            Stream.concat(FIXED.stream(), chosen(ofChecks().toList())).toList();

    private static Stream<MilterDialogue> chosen(List<MilterDialogue> checks) {
        int step = Boolean.getBoolean("long.milters") ? 1 : 3;
        return IntStream.iterate(0, i -> i < checks.size(), i -> i + step).mapToObj(checks::get);
    }

    private static Stream<MilterDialogue> ofChecks() {
        Stream<MilterDialogue> added = CHECKED.stream()
                .map(action -> content(
                        "checked: " + action,
                        !ENDING.contains(action.split(" ")[0]),
                        "X-Change: addheader X-Checked " + action,
                        "X-Change: addheader X-Behind it"));
        Stream<MilterDialogue> others = Stream.of(
                content(
                        "checked: a change is ignored",
                        true,
                        "Subject: s",
                        "X-Change: chgheader Subject 1 s",
                        "X-Checked: a",
                        "X-Change: chgheader X-Checked 1 IGNORE"),
                content(
                        "checked: a change is replaced",
                        true,
                        "X-Checked: a",
                        "X-Change: chgheader X-Checked 1 REPLACE X-Other: field"),
                content(
                        "checked: an inserted field is ignored",
                        true,
                        "X-Change: insheader 1 X-Checked IGNORE",
                        "X-Change: insheader 1 X-Last 1"),
                content(
                        "checked: a field that is taken away is not",
                        true,
                        "X-Checked: HOLD",
                        "X-Change: delheader X-Checked 1"),
                content(
                        "checked: two of them",
                        true,
                        "X-Change: addheader X-Checked REDIRECT r@d.test",
                        "X-Change: addheader X-Checked HOLD",
                        "X-Change: addheader X-Checked IGNORE"),
                content(
                        "checked: rejected, and held by the milter",
                        false,
                        "X-Change: addheader X-Checked REJECT not this",
                        "X-Change: quarantine odd"),
                content(
                        "checked: held twice",
                        false,
                        "X-Change: addheader X-Checked HOLD for now",
                        "X-Change: quarantine odd"),
                content(
                        "checked: a recipient comes, and all mail goes elsewhere",
                        true,
                        "X-Change: addheader X-Checked REDIRECT r@d.test",
                        "X-Change: addrcpt <n@d.test>"));
        return Stream.concat(added, others);
    }

    private static MilterDialogue says(String title, String... commands) {
        return new MilterDialogue(title, List.of(commands), false, false);
    }

    private static MilterDialogue content(String title, boolean arrives, String... fields) {
        return message(title, arrives, List.of(EHLO, MAIL, RCPT), List.of(fields), "hello\r\n..there\r\n");
    }

    /** Commands, and then fields. */
    private static MilterDialogue mail(String title, boolean arrives, String... lines) {
        List<String> commands = new ArrayList<>(List.of(EHLO));
        List<String> fields = new ArrayList<>();
        for (String line : lines) {
            (line.startsWith("X-") ? fields : commands).add(line);
        }
        return message(title, arrives, commands, fields, "hello\r\n");
    }

    private static MilterDialogue large(String title, int kilobytes, boolean arrives, String... fields) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < kilobytes; i++) {
            text.append(String.format("%05d ", i))
                    .append("y".repeat(1016 - 800))
                    .append("\r\n");
            text.append("z".repeat(796)).append("\r\n");
        }
        return message(title, arrives, List.of(EHLO, MAIL, RCPT), List.of(fields), text.toString());
    }

    private static MilterDialogue message(
            String title, boolean arrives, List<String> before, List<String> fields, String text) {
        List<String> commands = new ArrayList<>(before);
        commands.add("DATA");
        StringBuilder content = new StringBuilder("From: s@a.test\r\nTo: u@d.test\r\n");
        fields.forEach(field -> content.append(field).append("\r\n"));
        commands.add(content.append("Date: Sun, 29 Nov 2026 10:00:00 +0000\r\nMessage-Id: <1@c.test>\r\n\r\n")
                .append(text)
                .append('.')
                .toString());
        return new MilterDialogue(title, commands, arrives, false);
    }
}
