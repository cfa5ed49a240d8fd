// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.match.NetworkList;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.names.RecordType;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code permit_mx_backup}: the DNS says that we are a mail server of the recipient's domain, and not the best one.
 * Thread: any (it does not change).
 *
 * @param networks {@code permit_mx_backup_networks}, where the best ones must be; null: they may be anywhere
 */
record MxBackup(
        AddressClasses classes,
        NameQuestions names,
        @Nullable NetworkList networks) implements Restriction {
    private static final int FOR_NOW = 450;
    private static final String NETWORKS = "permit_mx_backup_networks";

    static Restriction of(RestrictionParts parts) {
        Settings settings = parts.settings();
        return new MxBackup(
                parts.classes(),
                parts.sources().names(),
                settings.text(NETWORKS).isEmpty() ? null : settings.networks(NETWORKS, parts.tables()));
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        RecipientFacts recipient = facts.recipient();
        if (recipient == null) {
            return Verdict.DUNNO;
        }
        if (recipient.targetClass() == AddressClass.UNKNOWN) {
            return Restrictions.lookupFailed(facts);
        }
        if (recipient.isRouted()) {
            return Verdict.DUNNO;
        }
        if (recipient.targetClass() != AddressClass.OTHER) {
            return Verdict.OK;
        }
        String domain = recipient.target().domain();
        return domain.startsWith("[") ? Verdict.DUNNO : check(domain, new Judging(facts, inquiry));
    }

    private Verdict check(String domain, Judging judging) {
        NameAnswer answer = names.ask(RecordType.MX, domain, judging.inquiry);
        if (answer.isNotYet()) {
            return Verdict.NOT_YET;
        }
        if (answer.isUnavailable()) {
            return judging.unable("Unable to look up mail exchanger information: " + answer.reason());
        }
        if (!answer.isFound() || UnknownDomain.isNull(answer)) {
            return Verdict.DUNNO;
        }
        List<Server> best = new ArrayList<>();
        List<Server> others = new ArrayList<>();
        List<Server> all = answer.records().stream().map(Server::parse).toList();
        int bestPreference = all.stream()
                .min(Comparator.comparingInt(Server::preference))
                .map(Server::preference)
                .orElse(0);
        all.forEach(server -> (server.preference == bestPreference ? best : others).add(server));
        if (judging.isOneOf(best) || others.isEmpty() || !judging.isOneOf(others)) {
            return judging.verdict(Verdict.DUNNO);
        }
        return judging.verdict(judging.areGood(best) ? Verdict.OK : Verdict.DUNNO);
    }

    private record Server(int preference, String host) {
        static Server parse(String record) {
            int space = record.indexOf(' ');
            return new Server(Integer.parseInt(record.substring(0, space)), record.substring(space + 1));
        }
    }

    /** What could not be told on the way: the refusal of something else is for now, then. */
    private final class Judging {
        private final Facts facts;
        private final Inquiry inquiry;
        private @Nullable Verdict unable;
        private boolean isWaiting;

        Judging(Facts facts, Inquiry inquiry) {
            this.facts = facts;
            this.inquiry = inquiry;
        }

        Verdict unable(String why) {
            SmtpReply reply = facts.refusal(Subject.RECIPIENT, FOR_NOW, EnhancedStatus.of(FOR_NOW / 100, 4, 4), why);
            return Verdict.deferIfReject(reply);
        }

        Verdict verdict(Verdict decided) {
            if (isWaiting) {
                return Verdict.NOT_YET;
            }
            Verdict before = unable;
            return decided == Verdict.DUNNO && before != null ? before : decided;
        }

        private void note(String why) {
            unable = unable == null ? unable(why) : unable;
        }

        boolean isOneOf(List<Server> servers) {
            for (Server server : servers) {
                if (classes.isLocal(server.host, inquiry) == Finding.FOUND) {
                    return true;
                }
            }
            for (Server server : servers) {
                HostAddresses addresses = HostAddresses.ofHost(server.host, names, inquiry);
                isWaiting |= addresses.isNotYet();
                if (addresses.finding() != Finding.FOUND) {
                    note("Unable to look up mail exchanger host " + server.host + ": " + reason(addresses));
                }
                if (addresses.addresses().stream().anyMatch(this::isOwn)) {
                    return true;
                }
            }
            return false;
        }

        private String reason(HostAddresses addresses) {
            return addresses.finding() == Finding.NOT_FOUND ? "Host not found" : NameAnswer.reason(addresses.why());
        }

        private boolean isOwn(String address) {
            InetAddress parsed = IpText.parse(address);
            return parsed != null && classes.isOwn(parsed);
        }

        boolean areGood(List<Server> best) {
            NetworkList allowed = networks;
            if (allowed == null) {
                return true;
            }
            for (Server server : best) {
                HostAddresses addresses = HostAddresses.of(server.host, names, inquiry);
                isWaiting |= addresses.isNotYet();
                if (addresses.finding() != Finding.FOUND) {
                    note("Unable to look up host " + server.host + " as mail exchanger: " + reason(addresses));
                    return false;
                }
                for (String address : addresses.addresses()) {
                    if (!isIn(allowed, server.host, address)) {
                        return false;
                    }
                }
            }
            return true;
        }

        private boolean isIn(NetworkList allowed, String host, String address) {
            InetAddress parsed = IpText.parse(address);
            Finding found = parsed == null ? Finding.NOT_FOUND : allowed.find(parsed, host, inquiry);
            if (found == Finding.UNAVAILABLE) {
                note("Unable to verify host " + host + " as mail exchanger");
            }
            return found == Finding.FOUND;
        }
    }
}
