// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import dev.stafette.delivery.tls.TestCertificates;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which clients of TLS talk to which servers, and what name servers say of those. */
final class TlsCases {
    /** Servers: one row of master.cf each. */
    static final Map<String, List<String>> SERVERS = new TreeMap<>();

    /** Clients: one transport each. */
    static final Map<String, List<String>> CLIENTS = new TreeMap<>();

    /**
     * From which client to which server, by what name if that is not the one of the certificate, and by what domain's MX.
     */
    static final List<String> DELIVERIES = List.of(
            "none none",
            "none may",
            "none encrypt",
            "none olduse",
            "none oldenforce",
            "may olduse",
            "olduse may",
            "oldenforce may",
            "oldenforce stranger",
            "oldenforce none",
            "oldnopeer stranger",
            "oldnopeer none",
            "newer none",
            "sitemust may",
            "sitemust may other.b.test",
            "sitemust stranger",
            "sitenopeer stranger",
            "sitenone may",
            "sitenone encrypt",
            "sitemay none",
            "sitemaymore stranger",
            "siteodd may",
            "may none",
            "may may",
            "may stranger",
            "may expired",
            "may encrypt",
            "may nocert",
            "may old",
            "may new",
            "old old",
            "oldonly old",
            "oldonly new",
            "newonly new",
            "newonly old",
            "may ask",
            "may req",
            "may sni sni.b.test",
            "trusting may",
            "trusting stranger",
            "trusting expired",
            "encrypt none",
            "encrypt may",
            "encrypt stranger",
            "encrypt nocert",
            "print may",
            "print stranger",
            "print expired",
            "print none",
            "print nocert",
            "verify may",
            "verify may other.b.test",
            "verify stranger",
            "verify expired",
            "verify none",
            "verify nocert",
            "secure may",
            "secure may other.b.test",
            "secure stranger",
            "secure expired",
            "secure none",
            "cert may",
            "cert ask",
            "cert req",
            "unknown ask",
            "unknown req",
            "wrapped wrapped",
            "named sni",
            "named may",
            "misnamed sni",
            "quiet may",
            "quiet stranger",
            "talking may",
            "talking stranger",
            "talking talking",
            "talkingcert talking",
            "talkingprint may",
            "talkingdane may ee311.wild.test",
            "talkingdane chained ta211.wild.test",
            "talkingdane chained ta200.wild.test",
            "talkingdane chained ta201.wild.test",
            "words may",
            "words stranger",
            "words expired",
            "nonsense may",
            "talking words",
            "talkingcert words",
            "dane may ee311.wild.test",
            "dane may wrong311.wild.test",
            "dane may ee301.wild.test",
            "dane may ee312.wild.test",
            "dane may twice.wild.test",
            "dane may pkix.wild.test",
            "dane may nosuch.wild.test",
            "dane may plain.wild.test",
            "dane may unsigned.wild.test",
            "dane may servfail.wild.test",
            "dane may ee311.b.test",
            "dane may alias.wild.test",
            "dane chained ta211.wild.test",
            "dane chained ta201.wild.test",
            "dane chained ta200.wild.test",
            "dane chained ta211.b.test",
            "dane may ta211.wild.test",
            "dane expired expired.wild.test",
            "dane stranger stranger.wild.test",
            "dane none ee311.wild.test",
            "dane none plain.wild.test",
            "dane none pkix.wild.test",
            "dane nocert ee311.wild.test",
            "only may ee311.wild.test",
            "only may wrong311.wild.test",
            "only may pkix.wild.test",
            "only may nosuch.wild.test",
            "only may short.wild.test",
            "only may mixed.wild.test",
            "dane may short.wild.test",
            "dane may mixed.wild.test",
            "only may plain.wild.test",
            "only may unsigned.wild.test",
            "only may servfail.wild.test",
            "only none ee311.wild.test",
            "only chained ta211.wild.test",
            "only may alias.wild.test",
            "only stranger stranger.wild.test",
            "dane may half.wild.test half.test",
            "only may half.wild.test half.test",
            "dane may halfbad.wild.test halfbad.test",
            "dane may full.wild.test full.test",
            "only may full.wild.test full.test",
            "dane chained fullta.b.test fullta.wild.test",
            "dane may fullbad.wild.test fullbad.test");

    /** Lines of a zone: of hosts whose addresses and TLSA records a name server vouches for, but for the last. */
    private static final Map<String, List<String>> TLSA = new TreeMap<>();

    static {
        String level = "smtpd_tls_security_level = ";
        SERVERS.put("none", List.of(level + "none"));
        SERVERS.put("may", List.of(level + "may"));
        SERVERS.put("olduse", List.of(level, "smtpd_use_tls = yes"));
        SERVERS.put("oldenforce", List.of(level, "smtpd_enforce_tls = yes"));
        SERVERS.put("stranger", certificate("smtpd", "stranger", level + "may"));
        SERVERS.put("expired", certificate("smtpd", "expired", level + "may"));
        SERVERS.put(
                "chained",
                List.of(
                        level + "may",
                        "smtpd_tls_cert_file = %tls/chained.pem",
                        "smtpd_tls_key_file = %tls/server.key"));
        SERVERS.put("nocert", List.of(level + "may", "smtpd_tls_cert_file =", "smtpd_tls_key_file ="));
        SERVERS.put("encrypt", List.of(level + "encrypt"));
        SERVERS.put(
                "old", List.of(level + "may", "smtpd_tls_protocols = <=TLSv1.2", "smtpd_tls_exclude_ciphers = aNULL"));
        SERVERS.put("new", List.of(level + "may", "smtpd_tls_protocols = >=TLSv1.3"));
        SERVERS.put("ask", List.of(level + "may", "smtpd_tls_ask_ccert = yes"));
        SERVERS.put("req", List.of(level + "encrypt", "smtpd_tls_req_ccert = yes"));
        SERVERS.put("wrapped", List.of(level + "encrypt", "smtpd_tls_wrappermode = yes"));
        SERVERS.put(
                "sni",
                List.of(
                        level + "may",
                        "tls_server_sni_maps = inline:{ { sni.b.test = %tls/stranger.key, %tls/stranger.pem } }"));
        SERVERS.put("talking", List.of(level + "may", "smtpd_tls_ask_ccert = yes", "smtpd_tls_loglevel = 2"));
        SERVERS.put(
                "words",
                List.of(level + "may", "smtpd_tls_ask_ccert = yes", "smtpd_tls_loglevel = untrusted peercert"));
        SERVERS.put(
                "access",
                List.of(
                        level + "may",
                        "smtpd_tls_ask_ccert = yes",
                        "smtpd_recipient_restrictions = check_ccert_access inline:{ {" + fingerprint("client")
                                + " = permit} }, reject"));
        String at = "smtp_tls_security_level = ";
        String trust = "smtp_tls_CAfile = %tls/ca.pem";
        CLIENTS.put("none", List.of(at + "none"));
        CLIENTS.put("may", List.of(at + "may"));
        CLIENTS.put("trusting", List.of(at + "may", trust));
        CLIENTS.put("encrypt", List.of(at + "encrypt"));
        CLIENTS.put("old", List.of(at + "may", "smtp_tls_protocols = !TLSv1.3"));
        CLIENTS.put("oldonly", List.of(at + "encrypt", "smtp_tls_mandatory_protocols = <=TLSv1.2"));
        CLIENTS.put("newonly", List.of(at + "encrypt", "smtp_tls_mandatory_protocols = TLSv1.3"));
        CLIENTS.put("verify", List.of(at + "verify", trust));
        CLIENTS.put("secure", List.of(at + "secure", trust));
        CLIENTS.put("olduse", List.of(at, "smtp_use_tls = yes"));
        CLIENTS.put("oldenforce", List.of(at, "smtp_enforce_tls = yes", trust));
        CLIENTS.put("oldnopeer", List.of(at, "smtp_enforce_tls = yes", "smtp_tls_enforce_peername = no"));
        CLIENTS.put("newer", List.of(at + "may", "smtp_enforce_tls = yes"));
        CLIENTS.put("sitemust", site(at + "none", "inline:{ {mx.b.test = MUST}, {other.b.test = MUST_NOPEERMATCH} }"));
        CLIENTS.put("sitenopeer", site(at + "may", "inline:{ {mx.b.test = MUST_NOPEERMATCH} }"));
        CLIENTS.put("sitenone", site(at + "secure", "inline:{ {mx.b.test = NONE}, {x.test = MAY} }"));
        CLIENTS.put("sitemay", site(at + "none", "static:MAY"));
        CLIENTS.put("sitemaymore", site(at + "verify", "static:MAY"));
        CLIENTS.put("siteodd", site(at + "may", "static:encrypt"));
        CLIENTS.put("print", print(at, "server"));
        CLIENTS.put("cert", certificate("smtp", "client", at + "may"));
        CLIENTS.put("unknown", certificate("smtp", "stranger", at + "may"));
        CLIENTS.put("wrapped", List.of(at + "encrypt", "smtp_tls_wrappermode = yes"));
        CLIENTS.put("named", with(print(at, "stranger"), "smtp_tls_servername = sni.b.test"));
        CLIENTS.put("misnamed", with(print(at, "stranger"), "smtp_tls_servername = other.b.test"));
        CLIENTS.put("quiet", List.of(at + "verify", trust, "smtp_tls_loglevel = 0"));
        CLIENTS.put("talking", List.of(at + "verify", trust, "smtp_tls_loglevel = 2"));
        CLIENTS.put("talkingcert", with(certificate("smtp", "client", at + "may"), "smtp_tls_loglevel = 2"));
        CLIENTS.put("talkingprint", with(print(at, "server"), "smtp_tls_loglevel = 2"));
        CLIENTS.put("talkingdane", List.of(at + "dane", "smtp_dns_support_level = dnssec", "smtp_tls_loglevel = 3"));
        CLIENTS.put("words", List.of(at + "may", trust, "smtp_tls_loglevel = PeerCert, certmatch, untrusted"));
        CLIENTS.put("nonsense", List.of(at + "may", "smtp_tls_loglevel = summary, nonsense"));
        CLIENTS.put("dane", List.of(at + "dane", "smtp_dns_support_level = dnssec"));
        CLIENTS.put("only", List.of(at + "dane-only", "smtp_dns_support_level = dnssec"));

        TLSA.put("ee311.wild.test", List.of("3 1 1 " + digest("SHA-256", key("server"))));
        TLSA.put("ee311.b.test", TLSA.get("ee311.wild.test"));
        TLSA.put("unsigned.wild.test", TLSA.get("ee311.wild.test"));
        TLSA.put("wrong311.wild.test", List.of("3 1 1 " + digest("SHA-256", key("stranger"))));
        TLSA.put(
                "twice.wild.test",
                List.of(
                        TLSA.get("wrong311.wild.test").get(0),
                        TLSA.get("ee311.wild.test").get(0)));
        TLSA.put("ee301.wild.test", List.of("3 0 1 " + digest("SHA-256", whole("server"))));
        TLSA.put("ee312.wild.test", List.of("3 1 2 " + digest("SHA-512", key("server"))));
        TLSA.put("pkix.wild.test", List.of("1 1 1 " + digest("SHA-256", key("server"))));
        TLSA.put("nosuch.wild.test", List.of("3 1 9 " + digest("SHA-256", key("server"))));
        TLSA.put(
                "short.wild.test",
                List.of("3 1 1 " + digest("SHA-256", key("server")).substring(2)));
        TLSA.put(
                "mixed.wild.test",
                List.of(
                        TLSA.get("pkix.wild.test").get(0),
                        TLSA.get("nosuch.wild.test").get(0)));
        TLSA.put("ta211.wild.test", List.of("2 1 1 " + digest("SHA-256", key("ca"))));
        TLSA.put("ta211.b.test", TLSA.get("ta211.wild.test"));
        TLSA.put("ta201.wild.test", List.of("2 0 1 " + digest("SHA-256", whole("ca"))));
        TLSA.put("ta200.wild.test", List.of("2 0 0 " + HexFormat.of().formatHex(whole("ca"))));
        TLSA.put("expired.wild.test", List.of("3 1 1 " + digest("SHA-256", key("expired"))));
        TLSA.put("stranger.wild.test", List.of("3 0 1 " + digest("SHA-256", whole("stranger"))));
        for (String host : List.of("half.wild.test", "full.wild.test")) {
            TLSA.put(host, TLSA.get("ee311.wild.test"));
        }
        for (String host : List.of("halfbad.wild.test", "fullbad.wild.test")) {
            TLSA.put(host, TLSA.get("wrong311.wild.test"));
        }
        TLSA.put("fullta.b.test", TLSA.get("ta211.wild.test"));
        TLSA.put("plain.wild.test", List.of());
        TLSA.put("servfail.wild.test", List.of());
    }

    private TlsCases() {}

    private static List<String> with(List<String> lines, String another) {
        List<String> all = new ArrayList<>(lines);
        all.add(another);
        return all;
    }

    private static List<String> site(String level, String table) {
        return List.of(level, "smtp_tls_CAfile = %tls/ca.pem", "smtp_tls_per_site = " + table);
    }

    private static List<String> print(String at, String name) {
        return List.of(at + "fingerprint", "smtp_tls_fingerprint_cert_match = " + fingerprint(name));
    }

    private static List<String> certificate(String who, String name, String level) {
        return List.of(
                level, who + "_tls_cert_file = %tls/" + name + ".pem", who + "_tls_key_file = %tls/" + name + ".key");
    }

    private static X509Certificate of(String name) {
        return TestCertificates.FILES.certificates(name + ".pem").get(0);
    }

    private static byte[] key(String name) {
        return of(name).getPublicKey().getEncoded();
    }

    private static byte[] whole(String name) {
        try {
            return of(name).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String digest(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String fingerprint(String name) {
        return digest("SHA-256", whole(name)).toUpperCase().replaceAll("(..)(?!$)", "$1:");
    }

    /** To which host; those of TLSA records are on all ports. */
    static String host(String delivery) {
        String[] words = delivery.split(" ");
        return words.length > 2 ? words[2] : "mx.b.test";
    }

    static String nextHop(String delivery, int port) {
        String[] words = delivery.split(" ");
        return (words.length > 3 ? words[3] : "[" + host(delivery) + "]") + ":" + port;
    }

    /** Of the hosts themselves. */
    static List<String> addresses() {
        List<String> lines = new ArrayList<>(List.of(
                "mx.b.test address 127.0.0.1", "other.b.test address 127.0.0.1", "sni.b.test address 127.0.0.1"));
        for (String host : TLSA.keySet()) {
            lines.add(host + " address 127.0.0.1");
            lines.add(host + " sign");
        }
        lines.add("alias.wild.test alias ee311.wild.test");
        lines.add("alias.wild.test sign");
        for (String delivery : DELIVERIES) {
            String[] words = delivery.split(" ");
            if (words.length > 3) {
                lines.add(words[3] + " mx 10 " + words[2]);
                if (words[3].startsWith("full")) {
                    lines.add(words[3] + " sign");
                }
            }
        }
        return lines;
    }

    /** Of a service on each of them. */
    static List<String> records(int port) {
        List<String> lines = new ArrayList<>();
        TLSA.forEach((host, records) -> {
            String owner = "_" + port + "._tcp." + host;
            records.forEach(record -> lines.add(owner + " tlsa " + record));
            if (host.startsWith("servfail.")) {
                lines.add(owner + " fail");
            } else if (!host.startsWith("unsigned.")) {
                lines.add(owner + " sign");
            }
        });
        return lines;
    }
}
