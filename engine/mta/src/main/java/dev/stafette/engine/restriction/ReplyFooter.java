// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.config.Expansion;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is added to each reply that refuses something: smtpd_reject_footer, or what smtpd_reject_footer_maps has for the reply;
 * to clients that have no session those of postscreen.
 * Thread: any (it does not change).
 *
 * <p>{@code \n} in it ends a line, and {@code \c} at its start lets it go on in the last line of the reply. A reply does not
 * wait: tables that a server has are not asked.
 */
public final class ReplyFooter {
    private static final String SAME_LINE = "\\c";
    private static final String LINE_END = "\\n";
    private static final DateTimeFormatter LOCAL_TIME =
            DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final String template;
    private final List<Table> templates;
    private final SessionNames sessionNames;

    private ReplyFooter(String template, List<Table> templates, SessionNames sessionNames) {
        this.template = template;
        this.templates = List.copyOf(templates);
        this.sessionNames = sessionNames;
    }

    /** {@code tables}: opens those that the settings name. Null: there is none. */
    public static @Nullable ReplyFooter of(Settings settings, ListTables tables) {
        return of(
                settings.text("smtpd_reject_footer"),
                settings.tables("smtpd_reject_footer_maps", tables),
                SessionNames.of(settings));
    }

    /** As {@link #of}, for clients that have no session. */
    public static @Nullable ReplyFooter ofScreen(Settings settings, ListTables tables) {
        String filter = Expansion.unescaped(settings.template("postscreen_expansion_filter"));
        return of(
                settings.template("postscreen_reject_footer"),
                settings.tables("postscreen_reject_footer_maps", tables),
                new SessionNames(settings.text("myhostname"), filter));
    }

    private static @Nullable ReplyFooter of(String template, List<Table> templates, SessionNames names) {
        return template.isEmpty() && templates.isEmpty() ? null : new ReplyFooter(template, templates, names);
    }

    /**
     * The reply with what belongs below it.
     *
     * @param epochMs the time of the reply
     * @param warnings hears of a template that is wrong, and then not used
     */
    public SmtpReply addTo(SmtpReply reply, Facts facts, long epochMs, Consumer<String> warnings) {
        return addTo(
                reply,
                name -> switch (name) {
                    case "localtime" -> LOCAL_TIME.format(Instant.ofEpochMilli(epochMs));
                    case "client_port" -> Integer.toString(facts.connection().clientPort());
                    default -> sessionNames.valueOf(name, facts);
                },
                warnings);
    }

    /** As the other, to a client of which its address is known. */
    public SmtpReply addTo(SmtpReply reply, InetSocketAddress client, long epochMs, Consumer<String> warnings) {
        return addTo(
                reply,
                name -> switch (name) {
                    case "localtime" -> LOCAL_TIME.format(Instant.ofEpochMilli(epochMs));
                    case "client_port" -> Integer.toString(client.getPort());
                    case "client_address" -> IpText.format(client.getAddress());
                    case "server_name" -> sessionNames.hostName();
                    default -> null;
                },
                warnings);
    }

    private SmtpReply addTo(SmtpReply reply, Expansion.Names values, Consumer<String> warnings) {
        String text = template(reply);
        if (reply.isPositive() || text.isEmpty()) {
            return reply;
        }
        boolean goesOn = text.startsWith(SAME_LINE);
        List<String> lines = new ArrayList<>(reply.lines());
        String[] added = (goesOn ? text.substring(SAME_LINE.length()) : text).split(Pattern.quote(LINE_END), -1);
        Expansion.Names names = name -> sessionNames.printable(values.valueOf(name));
        try {
            for (int i = 0; i < added.length; i++) {
                String line = Expansion.expand(added[i], names);
                int last = lines.size() - 1;
                if (i == 0 && goesOn) {
                    lines.set(last, lines.get(last) + line);
                } else {
                    lines.add(line);
                }
            }
        } catch (ConfigException e) {
            warnings.accept("could not expand reject footer template \"" + text + "\": " + e.getMessage());
            return reply;
        }
        return SmtpReply.ofLines(reply.code(), reply.status(), lines);
    }

    private String template(SmtpReply reply) {
        for (int i = 0; i < templates.size(); i++) {
            TableAnswer found = templates.get(i).lookup(reply.toString().strip(), Inquiry.AT_ONCE);
            if (found.isFound()) {
                return found.value();
            }
        }
        return template;
    }
}
