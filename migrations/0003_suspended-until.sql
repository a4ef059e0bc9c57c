ALTER TABLE `servers` ADD `suspended_until` integer;--> statement-breakpoint
CREATE INDEX `servers_suspended_until` ON `servers` (`suspended_until`);