ALTER TABLE `server_invites` ADD `offers_ownership` integer DEFAULT false NOT NULL;
--> statement-breakpoint
CREATE TRIGGER `server_users_inserted` AFTER INSERT ON `server_users` BEGIN
	DELETE FROM `changes` WHERE `kind` = 'access' AND `entity_id` = NEW.`server_id` || ' ' || NEW.`user_id`;
	INSERT INTO `changes` (`kind`, `entity_id`, `owner_id`) VALUES ('access', NEW.`server_id` || ' ' || NEW.`user_id`, NEW.`user_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `server_users_updated` AFTER UPDATE ON `server_users` BEGIN
	DELETE FROM `changes` WHERE `kind` = 'access' AND `entity_id` = NEW.`server_id` || ' ' || NEW.`user_id`;
	INSERT INTO `changes` (`kind`, `entity_id`, `owner_id`) VALUES ('access', NEW.`server_id` || ' ' || NEW.`user_id`, NEW.`user_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `server_users_deleted` AFTER DELETE ON `server_users` BEGIN
	DELETE FROM `changes` WHERE `kind` = 'access' AND `entity_id` = OLD.`server_id` || ' ' || OLD.`user_id`;
	INSERT INTO `changes` (`kind`, `entity_id`, `owner_id`) VALUES ('access', OLD.`server_id` || ' ' || OLD.`user_id`, OLD.`user_id`);
END;
--> statement-breakpoint
CREATE TRIGGER `servers_owner_changed` AFTER UPDATE OF `owner_id` ON `servers` WHEN OLD.`owner_id` <> NEW.`owner_id` BEGIN
	DELETE FROM `changes` WHERE `kind` = 'access' AND `entity_id` IN (NEW.`id` || ' ' || OLD.`owner_id`, NEW.`id` || ' ' || NEW.`owner_id`);
	INSERT INTO `changes` (`kind`, `entity_id`, `owner_id`) VALUES
		('access', NEW.`id` || ' ' || OLD.`owner_id`, OLD.`owner_id`),
		('access', NEW.`id` || ' ' || NEW.`owner_id`, NEW.`owner_id`);
END;
