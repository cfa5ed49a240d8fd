// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.codec.address.InternationalDomain;
import dev.stafette.delivery.smtp.RequireTls;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@code smtp_requiretls_policy} says of a next hop: words, and tables that have one; the first that knows it decides.
 * Thread: event loop; it has no state of its own.
 */
final class RequireTlsTables implements RequireTls.Source {
    private static final String NAME = "smtp_requiretls_policy";
    private static final RequireTls.Source OFF = (loop, nextHop, then) -> then.accept(RequireTls.DISABLE);

    private final List<Element> elements;
    private final String hostName;
    private final Consumer<String> warnings;

    /** One of the two. */
    private record Element(
            @Nullable RequireTls word, @Nullable Table table) {}

    private RequireTlsTables(List<Element> elements, String hostName, Consumer<String> warnings) {
        this.elements = elements;
        this.hostName = hostName;
        this.warnings = warnings;
    }

    /** {@code settings}: those of the client's master.cf row. {@code warnings}: gets what is wrong with lines of tables. */
    static RequireTls.Source of(Settings settings, ListTables tables, Consumer<String> warnings) {
        // What somebody has turned off is off; where nobody has said anything, what came in with it is not to lose it.
        boolean isOff = settings.isSet("requiretls_enable") && !settings.flag("requiretls_enable");
        List<Element> elements = elements(settings, tables);
        return isOff ? OFF : new RequireTlsTables(elements, settings.text("myhostname"), warnings);
    }

    private static List<Element> elements(Settings settings, ListTables tables) {
        List<Element> elements = new ArrayList<>();
        for (String word : settings.words(NAME)) {
            RequireTls named = RequireTls.named(word);
            if (named == null && word.indexOf(':') < 0) {
                throw settings.bad(
                        NAME, "enforce, opportunistic+starttls, opportunistic, disable, and tables with one of them");
            }
            elements.add(new Element(named, named == null ? open(settings, tables, word) : null));
        }
        return elements;
    }

    private static Table open(Settings settings, ListTables tables, String word) {
        try {
            return tables.open(word);
        } catch (ConfigException e) {
            throw e.namesParameter() ? e : settings.bad(NAME, "tables: " + e.getMessage());
        }
    }

    @Override
    public void find(Executor loop, String nextHop, Consumer<@Nullable RequireTls> then) {
        String name = InternationalDomain.toAscii(name(nextHop));
        if (name == null) {
            warnings.accept(
                    NAME + ": malformed next-hop destination: '" + nextHop + "' -- using default policy 'enforce'");
            then.accept(RequireTls.ENFORCE);
            return;
        }
        new Inquirer(loop, System::nanoTime).ask(inquiry -> find(name, inquiry), then, mistake -> {
            warnings.accept("REQUIRETLS policy lookup failed: " + mistake);
            then.accept(null);
        });
    }

    /** Without brackets and port; of a socket in the file system this host. */
    private String name(String nextHop) {
        if (nextHop.startsWith("/") || nextHop.indexOf('/') >= 0) {
            return hostName;
        }
        String host = nextHop.startsWith("[")
                ? nextHop.substring(1, Math.max(1, nextHop.indexOf(']')))
                : nextHop.replaceFirst(":[^:]*$", "");
        return host.replaceFirst("^(?i)ipv6:", "").toLowerCase(Locale.ROOT);
    }

    private @Nullable RequireTls find(String name, Inquiry inquiry) {
        for (Element element : elements) {
            if (element.table == null) {
                return element.word;
            }
            for (String key : keys(name, element.table)) {
                TableAnswer answer = element.table.lookup(key, inquiry);
                if (answer.isUnavailable()) {
                    return null;
                }
                if (answer.isFound()) {
                    return read(key, answer.value());
                }
            }
        }
        return RequireTls.ENFORCE;
    }

    private @Nullable RequireTls read(String key, String text) {
        RequireTls found = RequireTls.named(text.strip());
        if (found == null) {
            warnings.accept(
                    "REQUIRETLS policy table, next-hop destination \"" + key + "\": invalid policy \"" + text + '"');
        }
        return found;
    }

    /** As it stands, and in a table of fixed text also those that it is below: {@code .domain}. */
    private static List<String> keys(String name, Table table) {
        List<String> keys = new ArrayList<>();
        keys.add(name);
        if (table.isFixedText()) {
            for (int dot = name.indexOf('.', 1); dot >= 0; dot = name.indexOf('.', dot + 1)) {
                keys.add(name.substring(dot));
            }
        }
        return keys;
    }
}
