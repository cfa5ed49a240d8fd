// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import dev.stafette.engine.config.syntax.IpNetwork;
import dev.stafette.engine.config.syntax.LogicalLine;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.SourceLines;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.file.RuleSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code cidr:file} or <code>cidr:{ {rule} ... }</code>: networks in order; the first that has the address decides.
 * Thread: any.
 *
 * <pre>
 * 192.0.2.0/24  result       an address alone is a network of one; IPv6 also in brackets
 * !192.0.2.0/24 result       any other of the same family
 * if 192.0.2.0/24 ... endif  for these only
 * </pre>
 */
public final class CidrTable implements MemoryTable {
    private final RuleVersions<byte[]> rules;

    private CidrTable(RuleVersions<byte[]> rules) {
        this.rules = rules;
    }

    /** Of an address in a network, or of one that is not in it. */
    private record NetworkRule(IpNetwork network, boolean negated, String result) implements RuleList.Rule<byte[]> {
        @Override
        public @Nullable String answer(byte[] address) {
            return !network.isOfFamily(address) || network.contains(address) == negated ? null : result;
        }
    }

    public static Table open(TableSpec spec, TableHost host) {
        return new CidrTable(RuleVersions.open(spec, host, CidrTable::parse));
    }

    private static RuleList<byte[]> parse(RuleSource source, Consumer<String> warnings) {
        RuleList.Builder<byte[]> builder = new RuleList.Builder<>();
        for (RuleSource.Rule rule : source.rules()) {
            String why = add(rule, builder);
            if (!why.isEmpty()) {
                warnings.accept(source.at(rule) + why + ": skipping this rule");
            }
        }
        builder.warnOfOpen(source, warnings);
        return builder.build();
    }

    /** Returns what is wrong with it; empty when nothing is. */
    private static String add(RuleSource.Rule source, RuleList.Builder<byte[]> builder) {
        String text = source.text();
        if (RuleList.isKeyword(text, "endif")) {
            if (LogicalLine.trim(text).length() > "endif".length()) {
                return "garbage after ENDIF";
            }
            return builder.endIf() ? "" : "ENDIF without IF";
        }
        boolean isCondition = RuleList.isKeyword(text, "if");
        String rest = isCondition ? LogicalLine.trim(text.substring(2)) : text;
        int at = 0;
        while (at < rest.length() && (rest.charAt(at) == '!' || SourceLines.isSpace(rest.charAt(at)))) {
            at++;
        }
        boolean negated = rest.substring(0, at).chars().filter(c -> c == '!').count() % 2 == 1;
        int patternEnd = at;
        while (patternEnd < rest.length() && (isCondition || !SourceLines.isSpace(rest.charAt(patternEnd)))) {
            patternEnd++;
        }
        String pattern = rest.substring(at, patternEnd);
        String result = LogicalLine.trim(rest.substring(patternEnd));
        if (pattern.isEmpty()) {
            return "no address pattern";
        }
        IpNetwork.Parsed parsed = IpNetwork.parse(pattern);
        @Nullable IpNetwork network = parsed.network();
        if (network == null) {
            return parsed.why();
        }
        if (!isCondition && result.isEmpty()) {
            return "no lookup result";
        }
        NetworkRule rule = new NetworkRule(network, negated, result);
        if (isCondition) {
            builder.startIf(rule, source);
        } else {
            builder.add(rule);
        }
        return "";
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        byte @Nullable [] address = IpNetwork.addressOf(key);
        if (address == null) {
            return TableAnswer.notFound();
        }
        String result = rules.current().answer(address);
        return result == null ? TableAnswer.notFound() : TableAnswer.found(result);
    }

    @Override
    public boolean isFixedText() {
        return false;
    }
}
