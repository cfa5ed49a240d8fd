// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One conversation of a client with a server, and what Postfix said.
 *
 * @param from where the client comes from: an address of loopback, or the words of an XCLIENT command
 * @param exchanges after those that go without saying
 */
record Case(String title, String from, List<Exchange> exchanges) {
    private static final String HELLO = "EHLO c.test";
    private static final String SENDER = "MAIL FROM:<s@a.test>";

    /**
     * @param command as it is sent, but for escapes and the end of the line
     * @param reply its lines
     */
    record Exchange(String command, List<String> reply) {}

    boolean isFromLoopback() {
        return from.startsWith("127.");
    }

    /** Commands that a case does not have to spell out. */
    List<String> implied() {
        List<String> commands = new ArrayList<>();
        if (!isFromLoopback()) {
            commands.add("XCLIENT " + from);
        }
        String first = exchanges.get(0).command().toUpperCase(Locale.ROOT);
        if (!first.startsWith("EHLO") && !first.startsWith("HELO")) {
            commands.add(HELLO);
        }
        if (first.startsWith("RCPT")) {
            commands.add(SENDER);
        }
        return commands;
    }

    List<String> commands() {
        return exchanges.stream().map(Exchange::command).toList();
    }

    List<List<String>> replies() {
        return exchanges.stream().map(Exchange::reply).toList();
    }

    /** The same with other replies. */
    Case answered(List<List<String>> replies) {
        List<Exchange> answered = new ArrayList<>();
        for (int i = 0; i < exchanges.size(); i++) {
            answered.add(new Exchange(exchanges.get(i).command(), replies.get(i)));
        }
        return new Case(title, from, answered);
    }
}
