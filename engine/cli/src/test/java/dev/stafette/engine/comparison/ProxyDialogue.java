// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client says to a server with {@link ScriptedProxy} behind it.
 *
 * @param row that it talks to: front, late, or lost
 * @param arrives a message is delivered
 * @param lineCount lines of the log about the filter
 */
record ProxyDialogue(String title, String row, List<String> commands, boolean arrives, int lineCount) {
    private static final String EHLO = "EHLO c.test";
    private static final String RCPT = "RCPT TO:<u@d.test>";

    static final List<ProxyDialogue> ALL = List.of(
            mail("it passes", "front", true, 1, "s@a.test", RCPT + " NOTIFY=NEVER", "RCPT TO:<v@d.test>"),
            mail("nobody has sent it", "front", true, 1, "", RCPT),
            mail("the content is refused", "front", false, 1, "do-refuse@a.test", RCPT),
            mail("the content is refused with lines", "front", false, 1, "do-lines@a.test", RCPT),
            mail("the filter goes away", "front", false, 2, "do-leave@a.test", RCPT),
            says("MAIL is refused", "front", 1, "do-mail@a.test", RCPT, "QUIT"),
            says("RCPT is refused", "front", 1, "s@a.test", "RCPT TO:<do-rcpt@d.test>", RCPT, "QUIT"),
            says("DATA is refused", "front", 1, "do-data@a.test", RCPT, "DATA", "QUIT"),
            says("an answer that makes no sense", "front", 1, "do-odd@a.test", RCPT, "QUIT"),
            says("nobody is there", "lost", 2, "s@a.test", RCPT, RCPT, "QUIT"),
            mail("the filter says nothing in time", "hasty", false, 2, "do-wait@a.test", RCPT),
            mail("it passes late", "late", true, 1, "s@a.test", RCPT, "RCPT TO:<v@d.test>"),
            mail("a recipient is refused late", "late", false, 2, "s@a.test", RCPT, "RCPT TO:<do-rcpt@d.test>"),
            large("a large one", "front"),
            large("a large one late", "late"));

    private static ProxyDialogue says(String title, String row, int lineCount, String sender, String... commands) {
        List<String> all = new ArrayList<>(List.of(EHLO, "MAIL FROM:<" + sender + ">"));
        all.addAll(List.of(commands));
        return new ProxyDialogue(title, row, all, false, lineCount);
    }

    private static ProxyDialogue mail(
            String title, String row, boolean arrives, int lineCount, String sender, String... recipients) {
        List<String> all = new ArrayList<>(List.of(EHLO, "MAIL FROM:<" + sender + ">"));
        all.addAll(List.of(recipients));
        all.add("DATA");
        all.add("Subject: x\r\n\r\nhello\r\n..there\r\n.");
        all.add("NOOP");
        return new ProxyDialogue(title, row, all, arrives, lineCount);
    }

    private static ProxyDialogue large(String title, String row) {
        String text = "z".repeat(900) + "\r\n";
        return new ProxyDialogue(
                title,
                row,
                List.of(
                        EHLO,
                        "MAIL FROM:<s@a.test>",
                        RCPT,
                        "DATA",
                        "Subject: x\r\n\r\n" + text.repeat(1000) + "the end\r\n."),
                true,
                1);
    }
}
