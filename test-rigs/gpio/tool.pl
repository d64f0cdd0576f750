#!/usr/bin/perl
# Stands in for gpioinfo, gpioget and gpioset of libgpiod, by the name that it is called by: their
# command lines, their words, and a real process that holds a line. GPIO_STAND_IN is a directory with
# one directory for each chip, in it a file for each line: its name and the level outside.
# GPIO_STAND_IN_VERSION is 1.6.3 or 2.2. What held a line and ended, however it ended, has let go of it.
use strict;
use warnings;
use Fcntl qw(:flock);

my ($tool) = $0 =~ m{([^/]+)$};
my $version = $ENV{GPIO_STAND_IN_VERSION} // '1.6.3';
my $first = $version =~ /^1\./;
my ($chip, $low, $numeric, $mode, @operands) = (undef, 0, 0, 'exit');
while (defined(my $word = shift @ARGV)) {
  if ($word eq '--version') { print "$tool (libgpiod) v$version\n"; exit 0; }
  elsif ($word eq '--active-low') { $low = 1; }
  elsif ($first && $word =~ /^--mode=(\w+)$/) { $mode = $1; }
  elsif (!$first && $word eq '--numeric') { $numeric = 1; }
  elsif (!$first && $word eq '--chip') { $chip = shift @ARGV; }
  elsif ($word =~ /^--bias=(?:as-is|disabled?|pull-up|pull-down)$/) { }
  elsif ($word =~ /^-/) { print STDERR "$tool: unrecognized option '$word'\n"; exit 1; }
  else { push @operands, $word; }
}
$chip = shift @operands if $first;
my %what = (
  gpioinfo => "looking up chip $chip",
  gpioget => 'error reading GPIO values',
  gpioset => 'error setting the GPIO line values',
);
sub fail { print STDERR "$tool: $what{$tool}: $_[0]\n"; exit 1; }

my $dir = "$ENV{GPIO_STAND_IN}/$chip";
fail('No such file or directory') unless -d $dir;
fail('Permission denied') if -e "$dir/forbidden";

sub line_of {
  open(my $in, '<', "$dir/$_[0]") or fail('Invalid argument');
  chomp(my ($name, $level) = <$in>);
  return ($name, $level);
}

sub hold {
  open(my $lock, '>>', "$dir/$_[0].lock") or fail('Permission denied');
  return flock($lock, LOCK_EX | LOCK_NB) ? $lock : undef;
}

sub put {
  open(my $out, '>', "$dir/$_[0].new") or die $!;
  print $out $_[1];
  close $out;
  rename "$dir/$_[0].new", "$dir/$_[0].out" or die $!;
}

if ($tool eq 'gpioinfo') {
  opendir(my $all, $dir) or die $!;
  my @lines = sort { $a <=> $b } grep { /^\d+$/ } readdir $all;
  print "$chip - " . @lines . " lines:\n";
  for my $offset (@lines) {
    my ($name) = line_of($offset);
    my $shown = $name eq '' ? 'unnamed' : "\"$name\"";
    # Whoever only looks takes nothing: another that begins just then would find it held.
    my $held = -e "$dir/$offset.out" && do { open(my $lock, '<', "$dir/$offset.lock"); !flock($lock, LOCK_SH | LOCK_NB) };
    my $way = $held ? 'output' : 'input';
    if ($first) {
      my $who = $held ? '"gpioset"' : 'unused';
      printf "\tline %3d: %12s %12s %8s  active-high %s\n", $offset, $shown, $who, $way, $held ? '[used]' : '';
    } else {
      printf "\tline %3d:\t%-16s\t%s%s\n", $offset, $shown, $way, $held ? ' consumer="gpioset"' : '';
    }
  }
} elsif ($tool eq 'gpioget') {
  my @levels;
  for my $offset (@operands) {
    my (undef, $level) = line_of($offset);
    my $lock = hold($offset) or fail('Device or resource busy');
    push @levels, $low ? 1 - $level : $level;
  }
  print join(' ', @levels) . "\n";
} else {
  my ($offset, $level) = $operands[0] =~ /^(\d+)=([01])$/ or fail('Invalid argument');
  line_of($offset);
  select(undef, undef, undef, 0.02) while -e "$dir/$offset.hang";
  my $lock = hold($offset) or fail('Device or resource busy');
  put($offset, ($low ? 1 - $level : $level) . " $$");
  my $end = sub { unlink "$dir/$offset.out"; exit 0; };
  $SIG{TERM} = $SIG{INT} = $end;
  exit 0 if $first && $mode ne 'signal';
  sleep 1 while 1;
}
