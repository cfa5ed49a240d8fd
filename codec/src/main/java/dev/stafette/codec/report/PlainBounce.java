// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.report;

import dev.stafette.codec.status.EnhancedStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A bounce that was written for people: those of qmail and Exim, of sendmail before RFC 1894, of old Exchange servers and of whoever
 * else puts the failed address in front of a line and the server's words below.
 * Thread: any.
 *
 * @param text above the message that it returns
 * @param returned that message's header
 */
record PlainBounce(String text, FieldValues returned) {
    private static final int RECIPIENTS_MAX = 100;
    private static final int DIAGNOSTIC_MAX = 1000;

    /** Where the returned message begins; the last alternatives are those of Exchange, Exim, qmail, Gmail and sendmail. */
    private static final Pattern RETURNED =
            Pattern.compile("(?im)^[ >]*(?:-{2,} ?(?:below this line|this is a copy|original message|unsent message|"
                    + "message header|returned message|the header of the original)[^\n]*|"
                    + "original message headers?:[^\n]*|the (?:original )?message (?:headers? )?follows?[^\n]*)$");

    /** A line that begins with an address, perhaps in angle brackets, and what stands behind it. */
    private static final Pattern ADDRESS_LINE = Pattern.compile(
            "^[ \t]{0,16}(?:\\d{3}"
                    + " )?[<'\"]?([A-Za-z0-9!#$%&*+/=?^_`{|}~.-]{1,200}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){0,20})[>'\"]?(?=$|[\\s:,;(.])(.{0,1000})$");

    /** What a server has said. */
    private static final Pattern REPLY =
            Pattern.compile("(?:^|[\\s:'\"(#<])([45]\\d\\d)(?:[ -]#?([45]\\.\\d{1,3}\\.\\d{1,3}))?(?=[\\s:.,-]|$)");

    private static final Pattern STATUS = Pattern.compile("(?<![\\d.])([45]\\.\\d{1,3}\\.\\d{1,3})(?![\\d.])");

    /** What people are told at the top of a bounce. */
    private static final Pattern SPEECH = Pattern.compile(
            "(?is)hi\\. this is the .{0,80}(?:qmail|program)|created automatically by mail delivery software|"
                    + "could not be delivered|couldn't be delivered|did not reach the following|"
                    + "delivery to the following recipient|undeliverable|unable to deliver|delivery (?:has )?failed|"
                    + "permanent (?:fatal )?errors?|returned to sender|not able to deliver|message not delivered|"
                    + "delivery failure|wasn't able to deliver|failed permanently");

    private static final Pattern SUBJECT = Pattern.compile(
            "(?i)undeliver|returned mail|delivery (?:status|fail|notif|has|report|delayed)|failure notice|mail fail|"
                    + "mail delivery|message (?:delayed|not delivered|bounced)|nicht zugestellt|unzustellbar|non remis|"
                    + "warning: (?:could not|message)|mail system error|rejected:");

    private static final Pattern DELAY = Pattern.compile(
            "(?i)delayed|warning:|will (?:be )?(?:retried|continue)|still (?:being )?(?:tried|trying)|temporary");

    static PlainBounce of(String whole) {
        Matcher matcher = RETURNED.matcher(whole);
        FieldValues returned = new FieldValues();
        if (!matcher.find()) {
            return new PlainBounce(whole, returned);
        }
        int at = matcher.end();
        while (at < whole.length() && Character.isWhitespace(whole.charAt(at))) {
            at++;
        }
        ReportParts.fields(whole.substring(at), returned);
        return new PlainBounce(whole.substring(0, matcher.start()), returned);
    }

    static boolean isSubject(String subject) {
        return SUBJECT.matcher(subject).find();
    }

    boolean isSpeech() {
        return SPEECH.matcher(text).find();
    }

    /** {@code named}: whom the header says that it is about. Without any, one whose address is not told. */
    List<ReportedRecipient> recipients(List<String> named, String subject) {
        List<String> lines = text.lines().toList();
        String action = DELAY.matcher(subject).find() ? ReportedRecipient.DELAYED : ReportedRecipient.FAILED;
        Map<String, String> said = new LinkedHashMap<>();
        for (int i = 0; i < lines.size() && said.size() < RECIPIENTS_MAX; i++) {
            Matcher matcher = ADDRESS_LINE.matcher(cut(lines.get(i)));
            if (matcher.find() && isWanted(matcher.group(1), named) && !isKnown(matcher.group(1), said)) {
                said.put(matcher.group(1), paragraph(matcher.group(2), lines, i + 1));
            }
        }
        for (String address : named) {
            if (said.size() < RECIPIENTS_MAX && !isKnown(address, said)) {
                said.put(address, "");
            }
        }
        if (said.isEmpty()) {
            said.put("", "");
        }
        List<ReportedRecipient> all = new ArrayList<>();
        // Of several, nobody knows whom words elsewhere are about.
        boolean isOne = said.size() == 1;
        said.forEach((address, words) ->
                all.add(recipient(address, action, isOne && status(words) == null ? words + " " + reply() : words)));
        return all;
    }

    private static boolean isKnown(String address, Map<String, String> said) {
        return said.keySet().stream().anyMatch(address::equalsIgnoreCase);
    }

    private static boolean isWanted(String address, List<String> named) {
        return named.isEmpty() || named.stream().anyMatch(address::equalsIgnoreCase);
    }

    private static String cut(String line) {
        return line.length() > DIAGNOSTIC_MAX ? line.substring(0, DIAGNOSTIC_MAX) : line;
    }

    /** What stands behind an address, down to the next empty line or address; a first line of nothing is left out. */
    private static String paragraph(String behind, List<String> lines, int from) {
        StringBuilder out =
                new StringBuilder(behind.replaceFirst("^[\\s:>.]+", "").strip());
        int at = from;
        if (out.length() == 0 && at < lines.size() && lines.get(at).isBlank()) {
            at++;
        }
        while (at < lines.size() && !lines.get(at).isBlank() && out.length() < DIAGNOSTIC_MAX) {
            if (ADDRESS_LINE.matcher(cut(lines.get(at))).find()) {
                break;
            }
            out.append(out.length() == 0 ? "" : " ").append(cut(lines.get(at).strip()));
            at++;
        }
        return out.length() > DIAGNOSTIC_MAX ? out.substring(0, DIAGNOSTIC_MAX) : out.toString();
    }

    /** The last line that has a server's reply in it, with those that it goes on in; empty: there is none. */
    private String reply() {
        String found = "";
        for (String line : (Iterable<String>) text.lines()::iterator) {
            String one = cut(line).strip();
            if (REPLY.matcher(one).find() || STATUS.matcher(one).find()) {
                found = one;
            }
        }
        return found;
    }

    private static ReportedRecipient recipient(String address, String action, String said) {
        String diagnostic = said.strip();
        return new ReportedRecipient(address, address, action, status(diagnostic), Octets.text(diagnostic), "");
    }

    static @Nullable EnhancedStatus status(String said) {
        Matcher reply = REPLY.matcher(said);
        Matcher status = STATUS.matcher(said);
        if (reply.find() && reply.group(2) != null) {
            return EnhancedStatus.parsePrefix(reply.group(2));
        }
        return status.find() ? EnhancedStatus.parsePrefix(status.group(1)) : null;
    }
}
