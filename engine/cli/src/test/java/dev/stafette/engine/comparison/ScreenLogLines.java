// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a mail log has of the screening of one client, without what differs from run to run. */
final class ScreenLogLines {
    private static final Pattern PORT = Pattern.compile("\\]:([0-9]+)");

    private ScreenLogLines() {}

    /**
     * Lines of postscreen in their order, connection by connection, as several may be in the hands of several threads; then
     * those of sessions, and of dnsblog, which in Postfix are other processes, in no order.
     */
    static List<String> of(List<String> log, String address) {
        Map<String, List<String>> connections = new LinkedHashMap<>();
        List<String> sessions = new ArrayList<>();
        List<String> listed = new ArrayList<>();
        for (String line : log) {
            boolean isOfClient = line.contains('[' + address + ']') || line.contains("addr " + address + ' ');
            if (isOfClient && line.contains("/postscreen[")) {
                Matcher port = PORT.matcher(line);
                connections
                        .computeIfAbsent(port.find() ? port.group(1) : "", key -> new ArrayList<>())
                        .add(masked(line, "postscreen"));
            } else if (isOfClient && line.contains("/dnsblog[")) {
                listed.add(masked(line, "dnsblog"));
            } else if (isOfClient && line.matches(".*/smtpd\\[[0-9]+\\]: (dis)?connect from .*")) {
                sessions.add(masked(line, "smtpd").replaceAll("from [^\\[ ]*\\[", "from unknown["));
            }
        }
        List<String> screened = new ArrayList<>();
        connections.values().forEach(screened::addAll);
        sessions.sort(null);
        listed.sort(null);
        screened.addAll(sessions);
        screened.addAll(listed);
        return screened;
    }

    private static String masked(String line, String program) {
        return program
                + line.substring(line.indexOf("]: ") + 1)
                        .replaceAll("\\]:[0-9]+", "]:PORT")
                        .replaceAll(" after [0-9.]+ from ", " after TIME from ");
    }

    /** Connections that have ended, or are a session's. */
    static long goodbyes(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("postscreen: DISCONNECT") || line.startsWith("smtpd: disconnect"))
                .count();
    }
}
