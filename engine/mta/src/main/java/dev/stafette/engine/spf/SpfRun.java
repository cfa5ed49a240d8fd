// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.spf;

import dev.stafette.codec.spf.MacroText;
import dev.stafette.codec.spf.SpfMechanism;
import dev.stafette.codec.spf.SpfRecord;
import dev.stafette.codec.spf.SpfResult;
import dev.stafette.codec.spf.SpfTerm;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.names.RecordType;
import dev.stafette.engine.table.Inquiry;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation: what has been asked so far counts for all records that it comes by.
 * Thread: that of the judgement.
 */
final class SpfRun {
    /** RFC 7208 §4.6.4: terms that ask the DNS, in all records together. */
    static final int LOOKUPS_MAX = 10;

    /** The same: questions to which there is no answer. */
    static final int VOID_LOOKUPS_MAX = 2;

    /** The same: hosts of one mx term. More are a mistake, of ptr they are left out. */
    static final int HOSTS_MAX = 10;

    private final NameQuestions names;
    private final Inquiry inquiry;
    private final SpfMacros macros;
    private final InetAddress client;
    private final RecordType addressType;

    // Owned by the judgement.
    private int lookupCount;
    private int voidCount;
    private boolean waiting;
    private String trouble = "";
    private @Nullable MacroText explanationAt;
    private String explanationDomain = "";

    /** What came of one term. */
    private enum Match {
        YES,
        NO,
        TEMPERROR,
        PERMERROR
    }

    SpfRun(NameQuestions names, SpfMacros macros, Inquiry inquiry) {
        this.names = names;
        this.inquiry = inquiry;
        this.client = macros.identity().client();
        this.addressType = client instanceof Inet4Address ? RecordType.A : RecordType.AAAA;
        this.macros = macros;
    }

    /** An answer is missing: nothing further is asked, as what is judged does not count. */
    boolean isWaiting() {
        return waiting;
    }

    String trouble() {
        return trouble;
    }

    SpfResult result(String domain) {
        return resultOf(domain, true);
    }

    /** {@code isOwn}: its explanation counts, as that of an included record does not. */
    private SpfResult resultOf(String domain, boolean isOwn) {
        NameAnswer texts = names.ask(RecordType.TXT, domain, inquiry);
        if (texts.isNotYet()) {
            waiting = true;
            return SpfResult.TEMPERROR;
        }
        if (texts.isUnavailable()) {
            return temporary(domain, texts);
        }
        List<String> found = texts.records().stream().filter(SpfRecord::isOne).toList();
        if (found.isEmpty()) {
            return SpfResult.NONE;
        }
        if (found.size() > 1) {
            return permanent("several records at " + domain);
        }
        SpfRecord record = SpfRecord.parse(found.get(0));
        if (!record.mistake().isEmpty()) {
            return permanent(record.mistake() + " in the record of " + domain);
        }
        return evaluate(record, domain, isOwn);
    }

    private SpfResult evaluate(SpfRecord record, String domain, boolean isOwn) {
        for (SpfTerm term : record.terms()) {
            Match match = match(term, domain);
            if (waiting) {
                return SpfResult.TEMPERROR;
            }
            switch (match) {
                case YES -> {
                    if (isOwn) {
                        explanationAt = record.explanation();
                        explanationDomain = domain;
                    }
                    return term.result();
                }
                case TEMPERROR -> {
                    return SpfResult.TEMPERROR;
                }
                case PERMERROR -> {
                    return SpfResult.PERMERROR;
                }
                case NO -> {
                    // The next one.
                }
            }
        }
        MacroText redirect = record.redirect();
        return redirect == null ? SpfResult.NEUTRAL : redirected(redirect, domain, isOwn);
    }

    private SpfResult redirected(MacroText redirect, String domain, boolean isOwn) {
        if (!mayLookUp()) {
            return SpfResult.PERMERROR;
        }
        String target = expand(redirect, domain);
        if (waiting) {
            return SpfResult.TEMPERROR;
        }
        SpfResult result = resultOf(target, isOwn);
        return result == SpfResult.NONE ? permanent("no record at " + target) : result;
    }

    private Match match(SpfTerm term, String domain) {
        SpfMechanism mechanism = term.mechanism();
        if (mechanism.looksUp() && !mayLookUp()) {
            return Match.PERMERROR;
        }
        MacroText named = term.domain();
        String target = named == null ? domain : expand(named, domain);
        if (waiting) {
            return Match.NO;
        }
        return switch (mechanism) {
            case ALL -> Match.YES;
            case INCLUDE -> included(target);
            case A -> hostMatches(term, target);
            case MX -> exchangerMatches(term, target);
            case PTR -> pointerMatches(target);
            case IP4, IP6 -> of(isInNetwork(term));
            case EXISTS -> exists(target);
        };
    }

    private static Match of(boolean matches) {
        return matches ? Match.YES : Match.NO;
    }

    private boolean isInNetwork(SpfTerm term) {
        boolean isIp4 = term.mechanism() == SpfMechanism.IP4;
        return isIp4 == client instanceof Inet4Address && term.contains(Objects.requireNonNull(term.network()), client);
    }

    private Match included(String domain) {
        return switch (resultOf(domain, false)) {
            case PASS -> Match.YES;
            case FAIL, SOFTFAIL, NEUTRAL -> Match.NO;
            case TEMPERROR -> Match.TEMPERROR;
            case PERMERROR -> Match.PERMERROR;
            case NONE -> {
                permanent("no record at " + domain);
                yield Match.PERMERROR;
            }
        };
    }

    private Match hostMatches(SpfTerm term, String host) {
        NameAnswer addresses = ask(addressType, host);
        Match failed = failure(host, addresses);
        if (failed != null) {
            return failed;
        }
        for (String address : addresses.records()) {
            InetAddress known = IpText.parse(address);
            if (known != null && term.contains(known, client)) {
                return Match.YES;
            }
        }
        return Match.NO;
    }

    private Match exchangerMatches(SpfTerm term, String domain) {
        NameAnswer exchangers = ask(RecordType.MX, domain);
        Match failed = failure(domain, exchangers);
        if (failed != null) {
            return failed;
        }
        if (exchangers.records().size() > HOSTS_MAX) {
            permanent("more than " + HOSTS_MAX + " mail servers of " + domain);
            return Match.PERMERROR;
        }
        List<String> hosts = exchangers.records().stream()
                .map(record -> record.substring(record.indexOf(' ') + 1))
                .filter(host -> !host.isEmpty())
                .toList();
        // All at once, as one after the other would take as long as all of them together.
        hosts.forEach(host -> names.ask(addressType, host, inquiry));
        for (String host : hosts) {
            Match match = hostMatches(term, host);
            if (match != Match.NO || waiting) {
                return match;
            }
        }
        return Match.NO;
    }

    /** RFC 7208 §5.5: trouble means that it does not match. */
    private Match pointerMatches(String domain) {
        for (String name : validatedNames()) {
            if (isWithin(name, domain)) {
                return Match.YES;
            }
        }
        return Match.NO;
    }

    private static boolean isWithin(String name, String domain) {
        int rest = name.length() - domain.length();
        return rest >= 0
                && name.regionMatches(true, rest, domain, 0, domain.length())
                && (rest == 0 || name.charAt(rest - 1) == '.');
    }

    /** Names of the client that lead back to it. */
    private List<String> validatedNames() {
        NameAnswer pointers = ask(RecordType.PTR, macros.reverseName());
        if (pointers.isNotYet() || !pointers.isFound()) {
            return List.of();
        }
        List<String> hosts = pointers.records()
                .subList(0, Math.min(HOSTS_MAX, pointers.records().size()));
        hosts.forEach(host -> names.ask(addressType, host, inquiry));
        List<String> validated = new ArrayList<>();
        for (String host : hosts) {
            NameAnswer addresses = names.ask(addressType, host, inquiry);
            waiting |= addresses.isNotYet();
            if (addresses.records().stream().anyMatch(address -> client.equals(IpText.parse(address)))) {
                validated.add(host);
            }
        }
        return validated;
    }

    private Match exists(String name) {
        NameAnswer addresses = ask(RecordType.A, name);
        Match failed = failure(name, addresses);
        return failed == null ? of(addresses.isFound()) : failed;
    }

    private NameAnswer ask(RecordType type, String name) {
        NameAnswer answer = names.ask(type, name, inquiry);
        waiting |= answer.isNotYet();
        if (!answer.isFound() && !answer.isUnavailable()) {
            voidCount++;
        }
        return answer;
    }

    /** Null: there is an answer, and too many of the questions had none. */
    private @Nullable Match failure(String name, NameAnswer answer) {
        if (answer.isUnavailable()) {
            temporary(name, answer);
            return Match.TEMPERROR;
        }
        if (voidCount > VOID_LOOKUPS_MAX) {
            permanent("more than " + VOID_LOOKUPS_MAX + " names that are not there");
            return Match.PERMERROR;
        }
        return null;
    }

    private boolean mayLookUp() {
        lookupCount++;
        if (lookupCount > LOOKUPS_MAX) {
            permanent("more than " + LOOKUPS_MAX + " terms that ask the DNS");
            return false;
        }
        return true;
    }

    private SpfResult temporary(String name, NameAnswer answer) {
        trouble = name + ": " + answer.why();
        return SpfResult.TEMPERROR;
    }

    private SpfResult permanent(String why) {
        trouble = why;
        return SpfResult.PERMERROR;
    }

    private String expand(MacroText text, String domain) {
        return text.expandName(letter -> value(letter, domain));
    }

    private String value(char letter, String domain) {
        return letter == 'p' ? pointerName(domain) : macros.value(letter, domain);
    }

    /** RFC 7208 §7.3: the domain itself before what is in it, before any other. */
    private String pointerName(String domain) {
        List<String> validated = validatedNames();
        for (String name : validated) {
            if (name.equalsIgnoreCase(domain)) {
                return name;
            }
        }
        for (String name : validated) {
            if (isWithin(name, domain)) {
                return name;
            }
        }
        return validated.isEmpty() ? "unknown" : validated.get(0);
    }

    /** What the domain says to a client that it does not know (RFC 7208 §6.2); empty: nothing. */
    String explanation() {
        MacroText at = explanationAt;
        String name = at == null ? "" : expand(at, explanationDomain);
        if (name.isEmpty() || waiting) {
            return "";
        }
        NameAnswer texts = names.ask(RecordType.TXT, name, inquiry);
        if (texts.isNotYet()) {
            waiting = true;
            return "";
        }
        if (texts.records().size() != 1) {
            return "";
        }
        MacroText text = MacroText.parseExplanation(texts.records().get(0));
        return text == null ? "" : text.expand(letter -> value(letter, explanationDomain));
    }
}
