#!/usr/bin/perl
# The same as dkim_verify.py by Mail::DKIM, which knows RSA alone.
use strict;
use warnings;
use Mail::DKIM::Verifier;

my %records = map { split /=/, $_, 2 } @ARGV;

package Answer { sub type { 'TXT' } sub char_str_list { @{ $_[0] } } sub txtdata { join '', @{ $_[0] } } }

{
	no warnings 'redefine';
	*Mail::DKIM::DNS::query = sub {
		my ($name, $type) = @_;
		return defined $records{$name} ? (bless [ $records{$name} ], 'Answer') : ();
	};
}
my $verifier = Mail::DKIM::Verifier->new;
local $/;
binmode STDIN;
$verifier->PRINT(<STDIN>);
$verifier->CLOSE;
for my $s ($verifier->signatures) {
	my $known = $s->algorithm eq 'rsa-sha256';
	print join(' ', $s->domain, $s->selector, $s->algorithm, !$known ? 'unknown' : $s->result eq 'pass' ? 'good' : 'bad'), "\n";
}
