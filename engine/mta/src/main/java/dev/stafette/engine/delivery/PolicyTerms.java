// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.codec.address.InternationalDomain;
import dev.stafette.delivery.tls.Associations;
import dev.stafette.delivery.tls.CipherList;
import dev.stafette.delivery.tls.DaneTerms;
import dev.stafette.delivery.tls.HostRules;
import dev.stafette.delivery.tls.ProtocolList;
import dev.stafette.delivery.tls.ReportedPolicy;
import dev.stafette.delivery.tls.TlsException;
import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.delivery.tls.TlsPolicy;
import dev.stafette.delivery.tls.TlsVersion;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.table.BraceWords;
import dev.stafette.engine.tls.AllowedVersions;
import dev.stafette.engine.tls.CipherGrades;
import dev.stafette.engine.tls.TlsFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What main.cf says of a client's TLS, and makes policies of that and of the lines of tables.
 * Thread: any (it does not change).
 */
final class PolicyTerms {
    private final Settings settings;
    private final TlsLevel level;
    private final Lists optional;
    private final Lists mandatory;
    private final String serverName;
    private final boolean reports;
    private final boolean enforcesPatterns;
    private final Associations anchors;
    /** Of lines of tables, by their files: they are read once. */
    private final Map<List<String>, Associations> listedAnchors = new ConcurrentHashMap<>();

    /** Null: TLSA records cannot be had. */
    private final @Nullable DaneTerms dane;

    /** Where TLS may be and where it must be. */
    private record Lists(Set<TlsVersion> protocols, CipherList ciphers) {}

    PolicyTerms(Settings settings) {
        this.settings = settings;
        this.level = level(settings);
        this.optional = new Lists(
                AllowedVersions.of(settings, "smtp_tls_protocols"),
                CipherGrades.of(settings, "smtp_tls_ciphers", List.of("smtp_tls_exclude_ciphers")));
        this.mandatory = new Lists(
                AllowedVersions.of(settings, "smtp_tls_mandatory_protocols"),
                CipherGrades.of(settings, "smtp_tls_mandatory_ciphers", mandatoryExclusions()));
        this.serverName = settings.text("smtp_tls_servername");
        this.reports = !settings.isOfLmtp() && settings.flag("smtp_tlsrpt_enable");
        this.enforcesPatterns = settings.flag("smtp_tls_enforce_sts_mx_patterns");
        this.anchors = anchors(settings.words("smtp_tls_trust_anchor_file"));
        this.dane = DaneSection.whyUnavailable(settings) == null ? DaneSection.of(settings) : null;
    }

    private Associations anchors(List<String> files) {
        return TlsFiles.named(
                "smtp_tls_trust_anchor_file", () -> TlsFiles.pem(settings).anchors(files));
    }

    private Associations listedAnchors(List<String> files) {
        try {
            return listedAnchors.computeIfAbsent(
                    List.copyOf(files), missing -> TlsFiles.pem(settings).anchors(missing));
        } catch (TlsException e) {
            throw new IllegalArgumentException("tafile: " + e.getMessage(), e);
        }
    }

    private static List<String> mandatoryExclusions() {
        return List.of("smtp_tls_exclude_ciphers", "smtp_tls_mandatory_exclude_ciphers");
    }

    private static TlsLevel level(Settings settings) {
        String text = settings.text("smtp_tls_security_level");
        if (text.isEmpty()) {
            if (settings.flag("smtp_enforce_tls")) {
                return settings.flag("smtp_tls_enforce_peername") ? TlsLevel.VERIFY : TlsLevel.ENCRYPT;
            }
            return settings.flag("smtp_use_tls") ? TlsLevel.MAY : TlsLevel.NONE;
        }
        TlsLevel level = level(text);
        if (level == null) {
            throw settings.bad(
                    "smtp_tls_security_level",
                    "none, may, encrypt, dane, dane-only, fingerprint, verify, secure or nothing");
        }
        return level;
    }

    /** Null: there is no such level. */
    private static @Nullable TlsLevel level(String text) {
        String word = text.toLowerCase(Locale.ROOT).replace('-', '_');
        if (word.equals("sts")) {
            return null;
        }
        return Arrays.stream(TlsLevel.values())
                .filter(level -> level.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElse(null);
    }

    private static String word(TlsLevel level) {
        return level.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    TlsLevel level() {
        return level;
    }

    /** Of a next hop that no table knows. {@code reported}: what its domain hears of it; null: nothing. */
    TlsPolicy usual(String nextHop, @Nullable ReportedPolicy reported) {
        return level == TlsLevel.NONE ? TlsPolicy.NONE : new Attributes(level).policy(nextHop, reported);
    }

    /** By a bare level, which is that of main.cf or stands in its place. */
    TlsPolicy atLevel(TlsLevel of, String nextHop) {
        return of == TlsLevel.NONE ? TlsPolicy.NONE : new Attributes(of).policy(nextHop, null);
    }

    /** Sessions may be reported. */
    boolean reports() {
        return reports;
    }

    /** What comes of TLS with those that no table knows is reported: it is as they publish it. */
    boolean mayReport() {
        return reports && (mayFollowPolicies() || level == TlsLevel.DANE_ONLY);
    }

    /** What a domain publishes is no less than what is demanded anyway. */
    boolean mayFollowPolicies() {
        return level == TlsLevel.MAY || level == TlsLevel.DANE;
    }

    /** Of a next hop that no table knows, whose policy allows these servers. */
    TlsPolicy enforced(String nextHop, List<String> mx, @Nullable ReportedPolicy reported) {
        return new Attributes(level).enforced(nextHop, mx, reported);
    }

    private Lists lists(TlsLevel of) {
        return of.isRequired() ? mandatory : optional;
    }

    private List<String> defaultMatches(TlsLevel of) {
        return switch (of) {
            case FINGERPRINT -> words(settings.text("smtp_tls_fingerprint_cert_match"), "[\\s,|]+");
            case VERIFY -> words(settings.text("smtp_tls_verify_cert_match"), "[\\s,:]+");
            case SECURE -> words(settings.text("smtp_tls_secure_cert_match"), "[\\s,:]+");
            default -> List.of();
        };
    }

    private static List<String> words(String text, String separator) {
        return Arrays.stream(text.split(separator))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** Of a line of a table: a level and attributes. An IllegalArgumentException says what is wrong with it. */
    TlsPolicy listed(String nextHop, String text) {
        List<String> words = BraceWords.split(text);
        TlsLevel own = words.isEmpty() ? null : level(words.get(0));
        if (own == null) {
            throw new IllegalArgumentException("invalid security level \"" + text + "\"");
        }
        if (own == TlsLevel.NONE) {
            return TlsPolicy.NONE;
        }
        Attributes attributes = new Attributes(own);
        words.subList(1, words.size()).forEach(attributes::read);
        return attributes.listed(nextHop);
    }

    /** What a line says beside the level. */
    private final class Attributes {
        private final TlsLevel own;
        private @Nullable Set<TlsVersion> protocols;
        private @Nullable String grade;
        private final List<String> excluded = new ArrayList<>();
        private List<String> matches;
        private String serverName;
        private final List<String> anchorFiles = new ArrayList<>();
        private final ListedPolicy published = new ListedPolicy();

        Attributes(TlsLevel own) {
            this.own = own;
            this.matches = defaultMatches(own);
            this.serverName = PolicyTerms.this.serverName;
        }

        /** {@code name=value}, or {@code {name = value}} where that has spaces. */
        void read(String braced) {
            String word = braced.startsWith("{") ? BraceWords.inside(braced) : braced;
            int equals = word.indexOf('=');
            String name = equals < 0 ? "" : word.substring(0, equals).strip();
            String value = word.substring(equals + 1).strip();
            switch (name) {
                case "protocols" -> {
                    Set<TlsVersion> allowed = ProtocolList.parse(value);
                    if (allowed == null || allowed.isEmpty()) {
                        throw new IllegalArgumentException("invalid protocols \"" + value + "\"");
                    }
                    protocols = allowed;
                }
                case "ciphers" -> grade = value;
                case "exclude" -> excluded.addAll(words(value, ":"));
                case "match" -> matches = words(value, own == TlsLevel.FINGERPRINT ? "\\|" : ":");
                case "servername" -> serverName = value;
                case "tafile" -> {
                    if (own != TlsLevel.VERIFY && own != TlsLevel.SECURE) {
                        throw new IllegalArgumentException(
                                "attribute \"" + name + "\" invalid at security level \"" + word(own) + "\"");
                    }
                    anchorFiles.add(value);
                }
                // Connections are used again wherever that is possible.
                case "connection_reuse", "enable_rpk" -> {}
                default -> {
                    if (!published.read(name, value)) {
                        throw new IllegalArgumentException("invalid attribute \"" + word + "\"");
                    }
                }
            }
        }

        /** One that has come from MTA-STS is for the servers that it allows. */
        TlsPolicy listed(String nextHop) {
            ReportedPolicy reported = reports ? published.reported(domain(nextHop)) : null;
            if (!published.isOfSts()
                    || own != TlsLevel.SECURE
                    || !enforcesPatterns
                    || published.mx().isEmpty()) {
                return policy(nextHop, reported);
            }
            matches = List.of(TlsPolicy.HOST_NAME);
            TlsPolicy allowed = plain(own, nextHop);
            HostRules rules = new HostRules(
                    null, plain(TlsLevel.MAY, nextHop), allowed, domain(nextHop), published.mx(), allowed, reported);
            return allowed.byHost(rules);
        }

        TlsPolicy policy(String nextHop, @Nullable ReportedPolicy reported) {
            if (own != TlsLevel.DANE && own != TlsLevel.DANE_ONLY) {
                return plain(own, nextHop).reportedAs(reported);
            }
            if (dane == null) {
                return own == TlsLevel.DANE
                        ? plain(TlsLevel.MAY, nextHop).reportedAs(reported)
                        : TlsPolicy.faulty(PolicyTables.FAULT);
            }
            return byHost(
                    new DaneTerms(own == TlsLevel.DANE_ONLY, dane.insecureMx(), dane.digests(), dane.forcesLookup()),
                    nextHop,
                    List.of(),
                    reported);
        }

        TlsPolicy enforced(String nextHop, List<String> mx, @Nullable ReportedPolicy reported) {
            return byHost(own == TlsLevel.DANE ? dane : null, nextHop, mx, reported);
        }

        private TlsPolicy byHost(
                @Nullable DaneTerms records, String nextHop, List<String> mx, @Nullable ReportedPolicy reported) {
            TlsPolicy mandatory = plain(TlsLevel.ENCRYPT, nextHop);
            HostRules rules =
                    new HostRules(records, plain(TlsLevel.MAY, nextHop), mandatory, domain(nextHop), mx, reported);
            TlsLevel at = mx.isEmpty() ? own : TlsLevel.STS;
            return new TlsPolicy(at, mandatory.protocols(), mandatory.ciphers(), List.of(), "", null).byHost(rules);
        }

        /** The names of the next hop stand in for the words that mean them. */
        private TlsPolicy plain(TlsLevel of, String nextHop) {
            Lists usual = lists(of);
            CipherList ciphers =
                    grade == null ? usual.ciphers() : CipherGrades.ofGrade(settings, grade, mandatoryExclusions());
            if (ciphers == null) {
                throw new IllegalArgumentException("invalid cipher grade \"" + grade + "\"");
            }
            String domain = domain(nextHop);
            List<String> names = matches.stream()
                    .map(match -> switch (match) {
                        case "nexthop" -> domain;
                        case "dot-nexthop" -> '.' + domain;
                        default -> match;
                    })
                    .toList();
            String name = serverName.equals("nexthop") ? domain : serverName;
            TlsPolicy plain = new TlsPolicy(
                    of,
                    protocols == null ? usual.protocols() : protocols,
                    ciphers.without(excluded),
                    names,
                    name,
                    null);
            return of == TlsLevel.VERIFY || of == TlsLevel.SECURE
                    ? plain.anchoredIn(anchorFiles.isEmpty() ? anchors : listedAnchors(anchorFiles))
                    : plain;
        }
    }

    /** As certificates and policies have it. */
    private static String domain(String nextHop) {
        String host = nextHop.startsWith("[")
                ? nextHop.substring(1, Math.max(1, nextHop.indexOf(']')))
                : nextHop.replaceFirst(":.*$", "");
        String ascii = InternationalDomain.toAscii(host);
        return (ascii == null ? host : ascii).toLowerCase(Locale.ROOT);
    }
}
