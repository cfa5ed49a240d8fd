// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.codec.address.AddressAllowances;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.config.syntax.Host;
import dev.stafette.engine.config.syntax.LentFiles;
import dev.stafette.engine.config.syntax.MainCf;
import dev.stafette.engine.config.syntax.PortNames;
import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.match.NetworkList;
import dev.stafette.engine.match.Patterns;
import dev.stafette.engine.match.Subdomains;
import dev.stafette.engine.table.Table;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parameters with their values: main.cf over the defaults, the overrides of one master.cf row over both, and over all what
 * somebody says for himself alone; expanded, checked and typed when they are asked for.
 * Thread: any, but meant for start-up and reload: each call parses again, and may read files and ask the resolver.
 *
 * <p>Names are those of {@link Parameters}; to ask for another one is a mistake of ours. A wrong value is a
 * {@link ConfigException} that names file, line and parameter.
 */
public final class Settings {
    /** Those of domains that do not know of parents. */
    private static final Set<String> LISTS_OF_NAMES =
            Set.of("mydestination", "virtual_alias_domains", "virtual_mailbox_domains");

    private final MainCf mainCf;
    private final Set<String> transports;
    private final Host host;
    private final String directory;
    private final @Nullable ServiceRow row;
    /** Rows whose programs others ask, by their names. */
    private final Map<String, ServiceRow> asked;

    private final Closest closest;
    private final HostDefaults hostDefaults;

    /** What is said closest to where it holds; {@code origin}: for messages. */
    private record Closest(Map<String, String> values, String origin) {
        private static final Closest NOTHING = new Closest(Map.of(), "");
    }

    Settings(MainCf mainCf, Set<String> transports, Host host, String directory, Map<String, ServiceRow> asked) {
        this(mainCf, transports, host, directory, null, asked, Closest.NOTHING);
    }

    private Settings(
            MainCf mainCf,
            Set<String> transports,
            Host host,
            String directory,
            @Nullable ServiceRow row,
            Map<String, ServiceRow> asked,
            Closest closest) {
        this.mainCf = mainCf;
        this.transports = transports;
        this.host = host;
        this.directory = directory;
        this.row = row;
        this.asked = asked;
        this.closest = closest;
        this.hostDefaults = new HostDefaults(this, host);
    }

    /**
     * What holds for that service: its {@code -o} over main.cf. To a client that speaks LMTP, names of SMTP's parameters mean
     * those of LMTP.
     */
    public Settings forService(ServiceRow service) {
        return new Settings(mainCf, transports, host, directory, service, asked, Closest.NOTHING);
    }

    /**
     * What holds for the service that says of an address what it means and where it goes, whoever asks it: in Postfix that is
     * another process, which knows nothing of the {@code -o} of the one that asks.
     */
    public Settings ofResolver() {
        ServiceRow resolver = asked.get(text("rewrite_service_name"));
        ServiceRow known = resolver != null && resolver.isResolver() ? resolver : null;
        return row == known && closest == Closest.NOTHING ? this : ofAsked(known);
    }

    /**
     * What holds for a row whose program is asked by this one's in Postfix, by the name of the service: {@code anvil} and the
     * like. Without such a row this one's own hold.
     */
    public Settings ofService(String service, String program) {
        ServiceRow known = asked.get(service);
        return known == null || !known.command().equals(program) ? this : ofAsked(known);
    }

    private Settings ofAsked(@Nullable ServiceRow other) {
        return new Settings(mainCf, transports, host, directory, other, asked, Closest.NOTHING);
    }

    /** Of a row whose client speaks LMTP. */
    public boolean isOfLmtp() {
        return row != null && row.command().equals(LmtpNames.COMMAND);
    }

    /** The name that counts for the row: LMTP has its own. */
    public String meant(String name) {
        return isOfLmtp() ? LmtpNames.of(name) : name;
    }

    /** What holds for one who has said this for himself, expanded already; {@code origin}: where, for messages. */
    public Settings with(Map<String, String> values, String origin) {
        Map<String, String> quoted = new LinkedHashMap<>();
        values.forEach((name, value) -> quoted.put(name, value.replace("$", "$$")));
        return new Settings(mainCf, transports, host, directory, row, asked, new Closest(quoted, origin));
    }

    /** Expanded. */
    public String text(String name) {
        ValueType<?> type = parameter(name).type();
        if (type instanceof ValueType.RawText) {
            return raw(name);
        }
        String text = expanded(name);
        return name.equals("myorigin") && text.startsWith("/") ? firstLine(name, text) : text;
    }

    /** Debian has the origin in a file, and its main.cf names that. */
    private String firstLine(String name, String file) {
        try {
            return host.read(Path.of(file)).lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            throw bad(name, "a domain, or a file that can be read");
        }
    }

    /** A text whose names stand for what is known only later; one that is a parameter's name alone is that one's. */
    public String template(String name) {
        String text = raw(name);
        String named = text.startsWith("${") && text.endsWith("}")
                ? text.substring(2, text.length() - 1)
                : text.startsWith("$") ? text.substring(1) : "";
        boolean isName = !named.isEmpty() && named.chars().allMatch(c -> Expansion.isNameChar((char) c));
        return isName && isDefined(named) ? template(named) : text;
    }

    /** A text with {@code $name} in it that stands outside of main.cf, in a table's own file. */
    public String expand(String text) {
        return Expansion.expand(text, this::rawOrNull);
    }

    /** Expanded; of whatever name, also one that only Postfix has, or somebody's own; empty where there is none. */
    public String anyText(String name) {
        return expanded(name);
    }

    /** Whether {@link #anyText} has something to say of it. */
    public boolean isDefined(String name) {
        return rawOrNull(name) != null;
    }

    public boolean flag(String name) {
        return value(name, ValueType.Flag.class);
    }

    public int count(String name) {
        return value(name, ValueType.Count.class);
    }

    /** In bytes. */
    public long size(String name) {
        return value(name, ValueType.Size.class);
    }

    public Duration time(String name) {
        return value(name, ValueType.Time.class);
    }

    /** In lower case. */
    public String choice(String name) {
        return value(name, ValueType.Choice.class);
    }

    public List<String> words(String name) {
        return value(name, ValueType.Words.class);
    }

    /** A list of restrictions; words of earlier releases are replaced by those of today. */
    public List<String> restrictions(String name) {
        return modernised(words(name));
    }

    /** {@code smtpd_restriction_classes}: the words of each by its name, as of {@link #restrictions}. */
    public Map<String, List<String>> restrictionClasses() {
        Map<String, List<String>> classes = new LinkedHashMap<>();
        for (String name : words("smtpd_restriction_classes")) {
            List<String> words = ConfigWords.split(expanded(name));
            if (words.isEmpty()) {
                throw new ConfigException("restriction class `" + name + "' needs a definition");
            }
            classes.put(name, modernised(words));
        }
        return classes;
    }

    private List<String> modernised(List<String> words) {
        String rblDomains = Expansion.expand("$maps_rbl_domains", this::rawOrNull);
        return LegacyNames.table().modernised(words, ConfigWords.split(rblDomains));
    }

    public AddressAllowances addressAllowances() {
        return new AddressAllowances(
                flag("allow_min_user"),
                flag("resolve_numeric_domain"),
                flag("resolve_null_domain") ? text("myhostname") : null);
    }

    public ConcurrencyFeedback feedback(String name) {
        return value(name, ValueType.FeedbackAmount.class);
    }

    /** {@code tables}: opens those that the list names. */
    public DomainList domains(String name, ListTables tables) {
        List<String> words = value(name, ValueType.Domains.class);
        try {
            return DomainList.read(words, host, subdomains(name), tables);
        } catch (ConfigException e) {
            throw inParameter(name, e);
        }
    }

    /** Of a list of domains or networks: files in it that cannot be read, and why. */
    List<String> unreadableFiles(String name) {
        return Patterns.unreadable(ConfigWords.split(expanded(name)), host::read);
    }

    /** {@code tables}: opens those that the list names. */
    public NetworkList networks(String name, ListTables tables) {
        List<String> words = value(name, ValueType.Networks.class);
        try {
            return NetworkList.read(words, host, parentMatches(name), tables);
        } catch (ConfigException e) {
            throw inParameter(name, e);
        }
    }

    /** What ports are called ({@code known_tcp_ports}). */
    public PortNames ports() {
        try {
            return PortNames.of(text("known_tcp_ports"), host);
        } catch (ConfigException e) {
            throw inParameter("known_tcp_ports", e);
        }
    }

    /** A list of {@code type:table}, opened by {@code tables}. */
    public List<Table> tables(String name, ListTables tables) {
        List<Table> opened = new ArrayList<>();
        try {
            words(name).forEach(spec -> opened.add(tables.open(spec)));
        } catch (ConfigException e) {
            throw e.namesParameter() ? e : inParameter(name, e);
        }
        return opened;
    }

    private Subdomains subdomains(String name) {
        if (LISTS_OF_NAMES.contains(name)) {
            return Subdomains.NONE;
        }
        return parentMatches(name) ? Subdomains.WITH_PARENT : Subdomains.DOTTED;
    }

    private boolean parentMatches(String name) {
        return words("parent_domain_matches_subdomains").contains(name);
    }

    /** An address or a host name; which parameter it stands in is for the message. */
    List<InetAddress> resolve(String parameter, String word) {
        try {
            return HostDefaults.resolve(word, host);
        } catch (IOException e) {
            throw new ConfigException(
                    originOf(parameter) + ": parameter '" + parameter + "': " + word + " (expected: a known host)");
        }
    }

    /** Addresses that are ours: those we listen on, and {@code proxy_interfaces}. */
    public Set<InetAddress> ownAddresses() {
        Set<InetAddress> own = new LinkedHashSet<>();
        for (Host.OwnAddress address : hostDefaults.interfaces()) {
            own.add(address.address());
        }
        for (String word : words("proxy_interfaces")) {
            own.addAll(resolve("proxy_interfaces", word));
        }
        return own;
    }

    /** The addresses of {@code inet_interfaces}, of the families of {@code inet_protocols}. */
    public Collection<Host.OwnAddress> interfaces() {
        return hostDefaults.interfaces();
    }

    /** Where to read files that only root may read. */
    public LentFiles lentFiles() {
        return LentFiles.of(Path.of(directory));
    }

    /** Absolute, or below the configuration's directory. */
    public Path queueDirectory() {
        return Path.of(directory).resolve(text("queue_directory"));
    }

    public Host host() {
        return host;
    }

    /** The names of master.cf's services, which transports go by. */
    public Set<String> transports() {
        return transports;
    }

    /** For what the table's types cannot say; thrown by whoever finds it. */
    public ConfigException bad(String name, String expected) {
        return ConfigException.badValue(originOf(name), meant(name), expanded(name), expected);
    }

    /** Parses without using the value: throws what is wrong with it. */
    void check(String name) {
        ValueType<?> type = parameter(name).type();
        if (type instanceof ValueType.Domains) {
            domains(name, ListTables.UNOPENED);
        } else if (type instanceof ValueType.Networks) {
            networks(name, ListTables.UNOPENED);
        } else if (type instanceof ValueType.Text || type instanceof ValueType.RawText) {
            text(name);
        } else {
            parse(name, type);
        }
    }

    private <T> T value(String name, Class<? extends ValueType<T>> kind) {
        ValueType<?> type = parameter(name).type();
        if (!kind.isInstance(type)) {
            throw new IllegalStateException(name + " is no " + kind.getSimpleName());
        }
        return parse(name, kind.cast(type));
    }

    private <T> T parse(String name, ValueType<T> type) {
        String text = expanded(name);
        try {
            T value = type.parse(text);
            if (value != null) {
                return value;
            }
        } catch (ConfigException e) {
            throw inParameter(name, e);
        }
        throw ConfigException.badValue(originOf(name), meant(name), text, type.expected());
    }

    private String expanded(String name) {
        try {
            return Expansion.expand(raw(name), this::rawOrNull);
        } catch (ConfigException e) {
            // A default that comes from the machine may have failed in another parameter, which names itself.
            throw e.namesParameter() ? e : inParameter(name, e);
        }
    }

    private ConfigException inParameter(String name, ConfigException cause) {
        return new ConfigException(originOf(name) + ": parameter '" + meant(name) + "': " + cause.getMessage());
    }

    /** For messages. */
    String originOf(String asked) {
        String name = meant(asked);
        if (closest.values.containsKey(name)) {
            return closest.origin;
        }
        return row != null && row.overrides().containsKey(name) ? row.origin() : mainCf.originOf(name);
    }

    /** Whether main.cf, or the row, or somebody for himself says something of it. */
    public boolean isSet(String name) {
        return override(meant(name)) != null || mainCf.find(meant(name)) != null;
    }

    private @Nullable String override(String name) {
        String own = closest.values.get(name);
        return own != null || row == null ? own : row.overrides().get(name);
    }

    private String raw(String name) {
        String raw = rawOrNull(meant(name));
        return raw == null ? "" : raw;
    }

    private @Nullable String rawOrNull(String name) {
        String override = override(name);
        if (override != null) {
            return override;
        }
        MainCf.Entry entry = mainCf.find(name);
        if (entry != null) {
            return entry.value();
        }
        return rawDefault(name);
    }

    private @Nullable String rawDefault(String name) {
        switch (name) {
            case "config_directory":
                return directory;
            case "service_name":
                return row == null ? "" : row.name();
            case "process_name":
                return row == null ? "" : row.command();
            default:
                Parameter parameter = Parameters.table().find(name, transports);
                if (parameter == null) {
                    PostfixNames.Entry known = PostfixNames.known().find(name, transports);
                    return known == null ? null : known.defaultText();
                }
                String text = parameter.defaultText();
                return text == null ? hostDefaults.valueOf(name) : text;
        }
    }

    /** Whether what holds is what would hold if nobody had set it. */
    boolean isDefault(String name) {
        String value = rawOrNull(name);
        String byDefault = rawDefault(name);
        if (value == null || byDefault == null) {
            return false;
        }
        Parameter parameter = Parameters.table().find(name, transports);
        try {
            return value.equals(byDefault)
                    || SameValue.is(parameter == null ? null : parameter.type(), expand(value), expand(byDefault));
        } catch (ConfigException e) {
            // The value of a parameter that nothing reads may be no text at all.
            return false;
        }
    }

    /** Of a parameter whose default the table leaves to the machine. */
    String defaultOf(String name) {
        return name.equals("config_directory") ? directory : hostDefaults.valueOf(name);
    }

    private Parameter parameter(String asked) {
        String name = meant(asked);
        Parameter parameter = Parameters.table().find(name, transports);
        if (parameter == null) {
            throw new IllegalStateException("not in the table of parameters: " + name);
        }
        return parameter;
    }
}
